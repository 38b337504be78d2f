#!/bin/bash
# lua: tables, strings, coroutines, io, os, closures, metatables, garbage collection.
# needs: lua5.4
cat >main.lua <<'LUA'
local t = {}; for i = 1, 10000 do t[#t + 1] = (i * 7919) % 10007 end; table.sort(t); print(t[1], t[5000], #t)
local co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i * i) end end); print(co(), co(), co())
local f = assert(io.open("f", "w")); for i = 1, 100 do f:write("line ", i, "\n") end; f:close(); local n = 0; for l in io.lines("f") do n = n + #l end; print(n)
local p = io.popen("echo from popen; exit 3"); print(p:read("l")); print(p:close()); print(os.execute("exit 4")); print(os.rename("f", "g"), io.open("f"))
print(("hello world"):gsub("o", "0"), ("%5.2f|%q"):format(math.pi, "q\n"), string.pack("<I4", 7):byte(1)); print(select("#", pcall(error, { 1 })), math.maxinteger, 7 // 2, 7 / 2, 1 << 40)
local m = setmetatable({}, { __index = function(_, k) return k .. "!" end, __add = function() return "sum" end }); print(m.x, m + m); collectgarbage(); print(collectgarbage("count") > 0, os.date("!%Y", 0), os.getenv("LANG")); local s = {}; for i = 1, 200000 do s[i] = tostring(i) end; print(#table.concat(s)); os.exit(0, true)
LUA
lua5.4 main.lua 2>&1

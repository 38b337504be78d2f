#!/bin/bash
# mawk and gawk: associative arrays, pipes, getline, user functions, printf.
# needs: mawk gawk
for awk in mawk gawk; do
seq 1000 | $awk '{ n[$1 % 7]++ ; s += $1 * $1 } END { for (k = 0; k < 7; k++) printf "%d:%d ", k, n[k]; print s }'
$awk 'BEGIN { while (("echo a; echo b" | getline line) > 0) print "got " line; close("echo a; echo b"); print "sorted" | "cat"; close("cat"); x = "A"; printf "%s %5.2f %x %c\n", tolower(x), 3.14159, 255, 65 }'
$awk -F: -v want=root '$1 == want { print $1, $3, NF }' /etc/passwd
printf 'k1 5\nk2 7\nk1 6\n' | $awk '{ sum[$1] += $2 } END { for (k in sum) print k, sum[k] }' | sort
$awk 'function fact(n) { return n < 2 ? 1 : n * fact(n - 1) } BEGIN { print fact(10), substr("martlet", 2, 3), index("abc", "c"), length("four"), split("a:b:c", p, ":"), p[3], match("xxabc", /a.c/), RSTART; r = "a.b.c"; gsub(/\./, "-", r); print r; print system("exit 3"); print 2 ** 10, int(-3.7), sin(0), substr("x", 0) }'
$awk '/start/,/end/ { if (!/start|end/) print > "between" } END { close("between"); while ((getline l < "between") > 0) print "b:" l }' <<<$'1\nstart\n2\n3\nend\n4'
$awk 'BEGIN { printf "to stderr\n" > "/dev/stderr"; exit 4 }' 2>&1; echo "exit $?"
done
seq 200000 | mawk '{ a[$1] = $1 } END { print length(a), a[777] }'; gawk 'BEGIN { n = asort(x); print strftime("%Y", 0, 1), toupper("up"), PROCINFO["version"] != ""; cmd = "cat"; print "two-way" |& cmd; close(cmd, "to"); cmd |& getline z; print z }'

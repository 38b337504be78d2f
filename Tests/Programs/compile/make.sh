#!/bin/bash
# make -j4 of a C project of 60 files with generated headers and dependencies; incremental builds.
# time: 120
# needs: make gcc
set -e
mkdir src
{ echo '#ifndef ALL_H'; echo '#define ALL_H'; for i in $(seq 60); do echo "int part$i(int);"; done; echo '#endif'; } >src/all.h
for i in $(seq 60); do printf '#include "all.h"\n#include "version.h"\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\nint part%d(int x) { char b[64]; snprintf(b, sizeof b, "%%d", x + VERSION); return x < 2 ? atoi(b) : part%d(x / 2) + %d; }\n' $i $((i % 60 + 1)) $i >src/part$i.c; done
{ echo '#include "all.h"'; echo '#include <stdio.h>'; echo 'int main(void) { long s = 0;'; for i in $(seq 60); do echo "s += part$i($i);"; done; echo 'printf("%ld\n", s); }'; } >src/main.c
cat >Makefile <<'M'
SOURCES := $(wildcard src/*.c)
OBJECTS := $(SOURCES:src/%.c=out/%.o)
program: $(OBJECTS) ; $(CC) -o $@ $^
src/version.h: version ; @echo "#define VERSION $$(cat $<)" >$@
out/%.o: src/%.c src/version.h | out ; @$(CC) -O1 -MMD -c -o $@ $< && echo compiled >>log
out: ; mkdir out
-include $(OBJECTS:.o=.d)
.PHONY: clean
clean: ; rm -rf out program src/version.h
M
echo 3 >version; : >log
make -j4 -s; ./program; wc -l <log
make -j4 -s; wc -l <log
sleep 0.02; touch src/part7.c; make -j4 -s; wc -l <log
sleep 0.02; echo 4 >version; make -j4 -s; ./program; wc -l <log
make -q && echo "up to date"; echo 'syntax error' >>src/part9.c; make -j4 -k -s >/dev/null 2>&1 || echo "make $?"; make clean >/dev/null; ls

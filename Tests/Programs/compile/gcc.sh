#!/bin/bash
# gcc: compile, link, shared and static libraries, optimisation, run what was built, error status.
# needs: gcc
set -e
cat >main.c <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
#include <pthread.h>
int twice(int); int thrice(int);
static void *run(void *p) { *(double *)p = sqrt(2.0); return 0; }
int main(int argc, char **argv) { pthread_t t; double d; pthread_create(&t, 0, run, &d); pthread_join(t, 0); printf("%d %d %.6f %s\n", twice(21), thrice(3), d, argc > 1 ? argv[1] : "none"); return 5; }
C
echo 'int twice(int x) { return 2 * x; }' >twice.c; echo 'int thrice(int x) { return 3 * x; }' >thrice.c
gcc -O2 -Wall -c main.c twice.c; gcc -fPIC -shared -o libthrice.so thrice.c; ar rcs libtwice.a twice.o
gcc -o dynamic main.o -L. -ltwice -lthrice -lm -Wl,-rpath,'$ORIGIN'; ./dynamic arg || echo "status $?"
gcc -static -O2 -o static main.c twice.c thrice.c -lm; ./static || echo "status $?"; gcc -static-pie -fPIE -g -o pie main.c twice.c thrice.c -lm; ./pie || echo "status $?"
gcc -S -O1 -o - twice.c | grep -c twice; gcc -E main.c | wc -l | awk '{ print ($1 > 500) }'; echo 'int main( {' | gcc -xc - 2>/dev/null || echo "error $?"; gcc -flto -O3 -o lto main.c twice.c thrice.c -lm -pipe; ./lto x || echo "status $?"
ldd ./dynamic | grep -c thrice; nm twice.o; strip static; file static | grep -o 'statically linked'; objdump -d twice.o | grep -c ret; gcc -fsanitize=undefined -o ub main.c twice.c thrice.c -lm; ./ub || echo "status $?"; readelf -h pie | awk '/Type:/ { print $2 }'; LD_LIBRARY_PATH=. LD_PRELOAD=./libthrice.so ./dynamic p || echo "status $?"

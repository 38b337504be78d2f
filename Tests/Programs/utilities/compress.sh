#!/bin/bash
# gzip, bzip2, xz (threads), zip: round trips, tests, broken files.
# needs: bzip2 xz zip unzip
set -e
seq 1 300000 >data; sum=$(md5sum <data)
for z in "gzip -6" "bzip2" "xz -T2 -1" "xz -T1 --check=sha256 -0"; do $z -c data >packed; $z -t packed 2>/dev/null || ${z%% *} -t <packed; [[ $(${z%% *} -dc <packed | md5sum) == "$sum" ]] && echo "${z%% *} $(stat -c %s packed)"; done
cp data again; gzip again; ls again*; gunzip again.gz; cmp data again && echo "gunzip gave it back"; zcat <(gzip -c data) | tail -n 1; head -c 1000 /dev/zero | gzip -9n | md5sum
head -c 40000 packed >broken; xz -dc broken >/dev/null 2>&1 || echo "broken: $?"; gzip -dc data 2>/dev/null || echo "not gzip: $?"; xz -l packed | tail -n 1 | awk '{ print $1, $2 }'
mkdir d; cp data d/one; echo two >d/two; zip -qr all.zip d; unzip -l all.zip | awk '/d\// { print $1, $NF }'; mkdir o; unzip -q all.zip -d o; diff -r d o/d && echo "zip same"; tar cf - data | xz -T2 -c | xz -dc | tar tf -
cat data | gzip | gzip | gunzip | gunzip | cmp - data && echo "pipes same"

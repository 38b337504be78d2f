#!/bin/bash
# coreutils on files: cp, mv, ln, rm, install, chmod, stat, touch, du, df, dd, truncate, mktemp, sync.
set -e
mkdir -p tree/{one,two}/{x,y}; for f in tree/*/*/; do printf 'contents of %s\n' "$f" >"$f/file"; done
cp -a tree copy; diff -r tree copy && echo identical
cp -r --preserve=mode,timestamps copy/one moved; mv moved copy/three; find copy -type f | sort
ln tree/one/x/file hard; ln -s ../one/x tree/two/link; ls -l tree/two | awk '{ print $1, $NF }' | tail -n +2
stat -c '%h %s %F %a' hard; readlink -f tree/two/link/file | sed "s|$PWD|.|"
touch -d '2020-02-03 04:05:06.789 UTC' hard; stat -c '%y' tree/one/x/file
chmod 4751 hard; stat -c %A hard; chmod u-s,g=u,o= hard; stat -c %a hard
install -D -m 640 hard deep/er/installed; stat -c %a deep/er/installed
dd if=/dev/zero of=zeros bs=4096 count=256 status=none; truncate -s 3M zeros; stat -c %s zeros
dd if=zeros bs=1K skip=1000 count=3 status=none | wc -c
printf abc | dd of=zeros conv=notrunc seek=100 bs=1 status=none; cmp -n 103 zeros /dev/zero || true
truncate -s 10M sparse; du -k sparse | cut -f1; du --apparent-size -k sparse | cut -f1
rm -rf copy; test ! -e copy && echo removed; rmdir tree 2>/dev/null || echo "not empty"
t=$(mktemp -d ./tmp.XXXXXX); test -d "$t" && stat -c %a "$t"; mkfifo pipe; stat -c %F pipe /dev/null
mv -n hard zeros; test -e hard && echo "not overwritten"; mv -T tree other; ls -d other
split -n 4 -d zeros part.; cat part.0* | cmp - zeros && echo "put together"; shred -u part.00; ls part.*
rmdir "$t"; ls -1 --group-directories-first; ls -l /dev/null | cut -c1-10; realpath -m a/../b | xargs basename; sync zeros
cp --reflink=auto --sparse=always sparse sparse2; cmp sparse sparse2 && echo same; unlink sparse2; link sparse linked; stat -c %h linked
test -w zeros -a ! -x zeros && echo "w not x"; [ zeros -nt other ] && echo newer || echo older; df . >/dev/null && echo df works

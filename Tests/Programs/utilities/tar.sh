#!/bin/bash
# tar: create, list, extract, append, links, permissions, compression by child processes, sparse files.
# needs: bzip2 xz
set -e
mkdir -p src/a/b; for i in {1..200}; do echo "data $i" >src/a/f$i; done; ln src/a/f1 src/hard; ln -s a/f2 src/soft; chmod 751 src/a/f3; truncate -s 4M src/sparse; printf end >>src/sparse; touch -d 2010-10-10 src/a/f4; mkfifo src/fifo
tar -cf all.tar --sort=name src; tar -tf all.tar | md5sum; tar -tvf all.tar src/a/f3 src/soft | awk '{ print $1, $NF }'
mkdir out; tar -xpf all.tar -C out; diff -r --no-dereference src/a out/src/a && cmp src/sparse out/src/sparse && echo same; stat -c '%h %a' out/src/hard out/src/a/f3; stat -c %Y out/src/a/f4; readlink out/src/soft; stat -c %F out/src/fifo
for z in z j J; do tar -c${z}f all.$z src; mkdir out$z; tar -x${z}f all.$z -C out$z; find out$z -type f | wc -l; done
tar -cSf sparse.tar src/sparse; (($(stat -c %s sparse.tar) < 100000)) && echo "stored sparsely"; tar -rf all.tar all.z; tar -tf all.tar | tail -n 1; tar --delete -f all.tar src/a/f9; tar -tf all.tar | grep -c f9 || true
tar -cf - src | tar -xf - -C out --transform 's/^src/renamed/'; ls out; tar -xOf all.tar src/a/f7; tar -cf - --exclude='f1*' src | tar -tf - | wc -l; tar -df all.tar src/a/f5 && echo "no difference"; echo changed >src/a/f5; tar -df all.tar src/a/f5 >/dev/null || echo different
cat all.z | tar -tzf - | wc -l; tar -xf missing.tar 2>/dev/null || echo "tar $?"

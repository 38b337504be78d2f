#!/bin/bash
# find and xargs: tests, actions, -exec, -delete, parallel xargs.
set -e
for d in a b c; do mkdir -p tree/$d/sub; for i in 1 2 3; do echo "$d$i" >tree/$d/file$i.txt; done; ln -s ../a tree/$d/sub/link; done
chmod 600 tree/a/file1.txt; truncate -s 5000 tree/b/file2.txt; touch -d 2001-01-01 tree/c/file3.txt; : >tree/c/empty
find tree -type f -name '*.txt' | sort; find tree -type l -printf '%p -> %l\n' | sort; find tree -size +4k; find tree -perm 600; find tree ! -newermt 2002-01-01; find tree -empty | sort
find tree -maxdepth 1 -mindepth 1 -type d -printf '%f %m\n' | sort; find -L tree -name file1.txt | sort | wc -l; find tree -name sub -prune -o -type f -print | wc -l
find tree -type f -exec cat {} + | sort | md5sum; find tree -name 'file1*' -exec sh -c 'echo "$1: $(wc -c <"$1")"' _ {} \; | sort
find tree -type f -print0 | sort -z | xargs -0 -n 4 echo | wc -l; seq 20 | xargs -P 4 -I{} sh -c 'echo {}' | sort -n | tr '\n' ' '
seq 100000 | xargs echo | wc -l; printf 'a b\nc\n' | xargs -d '\n' -n 1 echo; echo x | xargs -r false || echo "xargs $?"
touch -d 2002-02-02 tree/a/file1.txt; find tree -name "*.txt" -newer tree/a/file1.txt -regex '.*/b/.*' | sort; find tree -inum "$(stat -c %i tree/a/file2.txt)"; find tree -links 1 -type f | wc -l
find tree -depth -name 'file2*' -delete; find tree -type f | wc -l; find tree -samefile tree/a/file3.txt; find /usr/bin -maxdepth 1 -name 'find*' | sort
find tree/missing 2>/dev/null || echo "find $?"

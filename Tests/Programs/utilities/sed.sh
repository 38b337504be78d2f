#!/bin/bash
# sed: addresses, hold space, in-place editing, backreferences, many files.
seq 10 >n; sed -n '3,5p;$p' n; sed '1!G;h;$!d' n | tr '\n' ' '; echo; sed -E 's/([0-9])$/<\1>/;2d;/7/,/8/s/^/* /' n; sed '0~3d' n | wc -l
sed -i.bak 's/1/one/g' n; diff n n.bak; cat n.bak | sed '5q' | wc -l; printf 'a,b;c\n' | sed 'y/,;/\t\n/'; sed '$!N;s/\n/+/;P;D' n | head -n 3; sed -n '/4/{=;p}' n; sed 's/.*/"&"/2;t;s/^/x/' n | head -n 2
sed -s -n '1F;1p' n n.bak; sed '3r n.bak' n | wc -l; sed 'w out' n >/dev/null; cmp n out && echo written; echo hello | sed 's/\(.\)\(.*\)/\U\1\E\2/'; sed ':a;s/^\(\s*[0-9]\+\)\([0-9]\{3\}\)/\1,\2/;ta' <<<1234567890
seq 100000 | sed -n '/^9*$/p'; sed -e '1i\' -e 'before' -e '$a after' n | sed -n '1p;$p'; sed --posix -n '$=' n; echo abc | sed 'e echo executed'; for i in {1..50}; do echo "file $i" >f$i; done; sed -i 's/file/FILE/' f*; cat f* | sort -V | tail -n 1

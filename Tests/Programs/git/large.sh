#!/bin/bash
# git on a repository of 5,000 files: init, add, commit, status, log, clone, gc, checkout.
# time: 150
# needs: git python3
set -e
export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b GIT_AUTHOR_DATE='2020-01-01T00:00:00Z' GIT_COMMITTER_DATE='2020-01-01T00:00:00Z'
mkdir r; cd r
python3 -c '
import os
for i in range(5000):
    d = f"d{i % 50}/e{i % 7}"; os.makedirs(d, exist_ok=True); open(f"{d}/file{i}", "w").write(f"file {i}\n" * (i % 40 + 1))'
git init -q -b main; git add .; git commit -qm all; git rev-parse HEAD; git ls-files | wc -l; git status --short | wc -l
for i in 1 2 3; do for f in d$i/e*/file*; do echo "change $i" >>"$f"; done; git commit -qam "change $i"; done; git log --stat --oneline | tail -n 1; git rev-parse HEAD
git clone -q . ../clone; git -C ../clone rev-parse HEAD; diff -r --exclude=.git . ../clone && echo "clone is the same"; git clone -q --no-local --depth 1 "file://$PWD" ../shallow; git -C ../shallow log --oneline | wc -l
git gc -q --prune=now; git count-objects -v | awk '/^(count|in-pack|packs)/'; git fsck 2>&1; git checkout -q HEAD~2; git status --short | wc -l; git checkout -q main; git diff --stat HEAD~3 | tail -n 1; rm -rf d1 d2; git status --short | wc -l; git checkout -q .; git status --short | wc -l; git repack -adq --threads=2; git log --format=%s -- d3 | head -n 2
cd ../clone; git pull -q; git log --oneline | wc -l; git grep -l 'change 3' | wc -l

#!/bin/bash
# git: init, add, commit, branch, merge with a conflict, rebase, stash, tag, diff, log, blame, bisect.
# needs: git
set -e
export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b GIT_AUTHOR_DATE='2020-01-01T00:00:00Z' GIT_COMMITTER_DATE='2020-01-01T00:00:00Z'
git init -q -b main r; cd r; echo one >f; git add f; git commit -qm first; git rev-parse HEAD; git checkout -qb side; echo two >f; git commit -qam side; git checkout -q main; echo three >f; git commit -qam main
git merge side >/dev/null 2>&1 || echo "conflict"; git diff --name-only --diff-filter=U; echo merged >f; git add f; git commit -qm merge; git log --oneline --graph; git checkout -qb top side; echo x >g; git add g; git commit -qm g; git rebase -q main; git log --format=%s | head -n 3
echo dirty >>f; git stash -q; cat f; git stash pop -q; cat f; git checkout -q f; git tag -a v1 -m tag; git describe; git blame -s g | cut -c10-; for i in $(seq 20); do echo $i >n; git add n; git commit -qm "n $i"; done; git bisect start -q HEAD HEAD~19 >/dev/null; git bisect run sh -c 'test $(cat n) -lt 13' | grep 'first bad' | wc -l; git bisect reset >/dev/null 2>&1
git cat-file -p HEAD^{tree}; git worktree add -q ../w main; git -C ../w status -sb; git archive HEAD | tar tf -; git mv g renamed; git status --short; git reset -q --hard; git clean -fdq; git grep -n three main -- f || echo "no match"; git format-patch -q -1 --stdout | git apply --stat; git shortlog -sn HEAD; git fsck --full 2>&1; git show HEAD~3:n; git rev-list --count HEAD

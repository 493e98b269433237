#!/bin/sh
# Makes of this process one of a container: its root is the image's and cannot be written, it has a /tmp and a /data,
# and it is uid 1000 without any right. Run it in a mount namespace of its own:
#   unshare --mount sh enter.sh ROOT DATA COMMAND...
set -eu
root=$1 data=$2; shift 2
mount --make-rprivate /
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777,size=64m,nosuid,nodev tmpfs "$root/tmp"
mount --bind "$data" "$root/data"
exec unshare --root="$root" --wd=/app --setgid 1000 --setuid 1000 -- setpriv --no-new-privs "$@"

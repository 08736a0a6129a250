#!/usr/bin/env bash
# tests/boot_tree.sh — boot the systemd of a Debian tree, or run a command in one, in namespaces of its own.
#
#   boot_tree.sh TREE               as root; stays in the foreground, and kill -KILL ends all of it
#   boot_tree.sh TREE COMMAND...    the command in place of systemd, with this machine's network
#
# It sees no process of this machine. A tree that boots has no network but a loopback device, and leaves
# nothing behind but empty cgroups called partywall-test.PID, PID being this script's.
set -euo pipefail
tree=$(realpath -- "$1")
shift
own=partywall-test.$$ command=("$@") namespaces=(--mount --pid --uts --ipc) boots=
if ((!$#)); then
  boots=yes namespaces+=(--net --cgroup)
  command=(/lib/systemd/systemd --unit=multi-user.target --show-status=false)
fi

# Each hierarchy of cgroups: the folder, its kind, and what version 1 wants to be told to mount it again.
hierarchies=()
while read -r _ folder kind options _; do
  [[ $boots && $kind == cgroup* ]] || continue
  mkdir "$folder/$own"
  if [[ -e $folder/cpuset.cpus && $kind == cgroup ]]; then # version 1 starts with none
    for file in cpuset.cpus cpuset.mems; do cat "$folder/$file" >"$folder/$own/$file"; done
  fi
  echo $$ >"$folder/$own/cgroup.procs"
  options=$(tr , '\n' <<<"$options" |
    grep -Ev '^(rw|ro|nosuid|nodev|noexec|relatime|xattr|nsdelegate|memory_.*|release_agent=.*)$' |
    paste -sd, || true)
  [[ $options != name=* ]] || options=none,$options
  hierarchies+=("$folder $kind $options")
done </proc/mounts

inside() { # TREE COUNT HIERARCHY... COMMAND...
  local tree=$1 count=$2 folder kind options device
  shift 2
  mount --make-rprivate /
  mount --bind "$tree" "$tree"
  cd "$tree"
  mount -t proc proc proc
  mount -t sysfs -o ro sysfs sys
  mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
  for each in "${@:1:count}"; do
    read -r folder kind options <<<"$each"
    mkdir -p ".$folder"
    mount -t "$kind" ${options:+-o "$options"} cgroup ".$folder"
  done
  mount -t tmpfs -o mode=755 tmpfs run
  mount -t tmpfs -o mode=755 tmpfs dev
  mkdir dev/pts dev/shm
  for device in null zero full random urandom tty; do
    touch "dev/$device"
    mount --bind "/dev/$device" "dev/$device"
  done
  mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
  mount -t tmpfs tmpfs dev/shm
  ln -s pts/ptmx dev/ptmx
  ln -s /proc/self/fd dev/fd
  ip link set lo up
  # Not a mere chroot, in which no user namespace may be made. The mounts are shared because systemd's
  # credentials reach a service through them.
  mkdir -p old
  pivot_root . old
  umount -l old
  mount --make-rshared /
  exec chroot . env -i container=partywall-test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    "${@:count + 1}"
}
export -f inside
exec unshare "${namespaces[@]}" --fork --kill-child bash -euo pipefail -c 'inside "$@"' bash \
  "$tree" "${#hierarchies[@]}" "${hierarchies[@]}" "${command[@]}"

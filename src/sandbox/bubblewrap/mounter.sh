# What mounter.pl does, for machines without Perl: the same lines on fd 3, by mount(8) and umount(8).
umask 0

plain() { printf '%b' "$1"; }

operate() {
  case $1 in
    mkdir) mkdir -m "$2" -- "$(plain "$3")" ;;
    rmdir) rmdir -- "$(plain "$2")" ;;
    tmpfs) mount -t tmpfs -o "nosuid,nodev,$3" tmpfs "$(plain "$2")" ;;
    share) mount -t tmpfs -o "nosuid,nodev,$3" tmpfs "$(plain "$2")" && mount --make-shared "$(plain "$2")" ;;
    resize) mount -o "remount,nosuid,nodev,$3" "$(plain "$2")" ;;
    bind) mount --rbind -- "$(plain "$2")" "$(plain "$3")" ;;
    stage)
      mount --rbind -- "$(plain "$2")" "$(plain "$3")" &&
        mount -o remount,bind,ro,nosuid,nodev -- "$(plain "$3")" ;;
    lend)
      mount --bind -- "$(plain "$2")" "$(plain "$3")" &&
        mount -o remount,bind,nosuid,nodev -- "$(plain "$3")" ;;
    umount) umount -l -- "$(plain "$2")" ;;
    *) false ;;
  esac
}

while IFS= read -r line <&3; do
  answer=ok
  rest=$line
  while [ -n "$rest" ]; do
    operation=${rest%%;*}
    [ "$operation" = "$rest" ] && rest='' || rest=${rest#*;}
    # Words hold no blanks and no wildcards: the sender escapes them.
    if ! reason=$(operate $operation 2>&1); then
      answer="error $operation $(printf %s "$reason" | tr '\n' ' ')"
      break
    fi
  done
  printf '%s\n' "$answer" >&3
done

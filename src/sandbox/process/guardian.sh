# Outlives the server by moments: when fd 0 closes, ends the process groups it was told of and removes the folder.
# Lines: "+ <process group>" when one starts, "- <process group>" when it has ended.
folder=$1
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -)
      case $groups in
        *" $group "*) groups="${groups%% "$group" *} ${groups#* "$group" }" ;;
      esac
      ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
rm -rf -- "$folder"

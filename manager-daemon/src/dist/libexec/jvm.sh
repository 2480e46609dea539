# Read by the programs in bin: which Java, with which options, from which archive.
#
# Needs  home          the folder of the program
#        fail MESSAGE  says what is wrong and ends
# Sets   java, version, options, class_path, archive

find_java() {
  java_home=${KCM_JAVA_HOME:-${JAVA_HOME:-}}
  if [ -n "$java_home" ]; then
    java=$java_home/bin/java
    [ -x "$java" ] || fail "there is no Java at $java (from KCM_JAVA_HOME or JAVA_HOME); Java 17 or newer is needed"
  else
    java=$(command -v java) || fail "no java on the PATH; install Java 17 or newer, or set KCM_JAVA_HOME"
  fi
  # The version stands in a file beside the program; asking the JVM itself would cost its start-up.
  version=17
  update=0
  release=$(readlink -f "$java")
  release=${release%/bin/java}/release
  if [ -r "$release" ]; then
    while IFS= read -r line; do
      case $line in
        JAVA_VERSION=*)
          line=${line#JAVA_VERSION=}
          IFS=. read -r version _ update _ <<<"${line//\"/}"
          ;;
      esac
    done <"$release"
  fi
  case $version in
    '' | *[!0-9]*) version=17 ;;
  esac
  case $update in
    '' | *[!0-9]*) update=0 ;;
  esac
  [ "$version" -ge 17 ] || fail "$java is Java $version; Java 17 or newer is needed"
}

# A small footprint first. The heap begins small and grows as far as half of the memory of the
# container or machine; its young part stays small, or it would grow to fill what it may. One
# collector thread. Native memory is given back once in a while. Only the quick compiler: the other one
# takes a third of the CPU time of a start and saves nothing in the work of a quiet cluster. Key stores are kept in memory only,
# one for each HTTP client, and need not be slow to guess.
choose_options() {
  options=(
    -Xms16m
    -XX:MaxRAMPercentage=50
    -XX:MaxNewSize=64m
    -XX:MinHeapFreeRatio=10
    -XX:MaxHeapFreeRatio=30
    -XX:MetaspaceSize=64m
    -XX:+ExitOnOutOfMemoryError
    -XX:TieredStopAtLevel=1
    -XX:-UsePerfData
    -Dkeystore.pkcs12.keyPbeIterationCount=1
  )
  # Two collectors are an error, so the user's takes the place of this one.
  case " ${KCM_JAVA_OPTS:-} " in
    *' -XX:+Use'*GC' '*) ;;
    *) options+=(-XX:+UseSerialGC) ;;
  esac
  case $version in
    17) [ "$update" -lt 9 ] || options+=(-XX:TrimNativeHeapInterval=30000) ;;
    18 | 19 | 20) ;;
    21) [ "$update" -lt 1 ] || options+=(-XX:TrimNativeHeapInterval=30000) ;;
    *) options+=(-XX:TrimNativeHeapInterval=30000) ;;
  esac
  if [ "$version" -ge 24 ]; then
    options+=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
  fi
  if [ "$version" -ge 25 ]; then
    options+=(-XX:+UseCompactObjectHeaders)
  fi
  # Each allocator arena keeps memory of its own, and there would be one for each thread.
  export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2}
}

# An archive holds for exactly these files, in this order, on this Java: the name of the file says
# so, and one that is out of date is not looked at.
name_archive() {
  local LC_ALL=C jars
  jars=("$home"/lib/*.jar)
  class_path=$(IFS=:; echo "${jars[*]}")
  archive=
  local sum
  sum=$({ cat "$release" && stat -L -c '%n %s %Y' "${jars[@]}"; } 2>/dev/null | cksum 2>/dev/null) || return 0
  archive=kube-controller-manager-${sum%% *}.jsa
}

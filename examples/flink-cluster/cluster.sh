#!/usr/bin/env bash
# A Flink cluster on this host, with Firn's fat jar in lib, out of jars from Maven Central:
#   cluster.sh up [--ha]      a JobManager and two TaskManagers; with --ha also a ZooKeeper server
#   cluster.sh run ...        hands a job over: the arguments of "flink run", for example
#                             -d -c io.firn.examples.flink.ArchiveTopic <jar> --topic orders ...
#   cluster.sh flink ...      any other command of Flink's command line, for example list
#   cluster.sh kill <name>    kill -9 of jobmanager, taskmanager-1 or taskmanager-2
#   cluster.sh start <name>   starts it again
#   cluster.sh status         what runs
#   cluster.sh down           stops everything
# Environment: FLINK_WORK (default: target beside this script) holds libraries, logs, checkpoints; FLINK_LIB a directory
# with the jars, to copy none; FLINK_CONFIG a configuration instead of config.yaml; FLINK_JVM_OPTIONS for all processes;
# FLINK_REST_PORT (8081); FLINK_ZOOKEEPER_PORT (2181); JAVA_HOME.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=${FLINK_WORK:-$here/target}
lib=${FLINK_LIB:-$work/lib}
rest_port=${FLINK_REST_PORT:-8081}
zookeeper_port=${FLINK_ZOOKEEPER_PORT:-2181}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
start_seconds=90

opened=(java.lang java.lang.reflect java.net java.io java.nio java.text java.time java.util java.util.concurrent
    java.util.concurrent.atomic java.util.concurrent.locks sun.nio.ch)
read -r -a jvm_options <<< "${FLINK_JVM_OPTIONS:-}"
jvm_options+=(-Dlog4j.configurationFile="$here/log4j2.xml")
for package in "${opened[@]}"; do
    jvm_options+=("--add-opens=java.base/$package=ALL-UNNAMED")
done

say() { echo "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

copy_jars() {
    if [ -n "${FLINK_LIB:-}" ]; then
        return
    fi
    local jars=("$here"/../../flink-connector/target/firn-flink-connector-*-all.jar)
    [ -e "${jars[0]}" ] || fail "there is no fat jar: run mvn -B -DskipTests package in the repository first"
    if [ ! -e "$lib/.complete" ]; then
        say "copying Flink's jars to $lib ..."
        mvn -B -q -f "$here/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies \
            -DincludeScope=runtime -DoutputDirectory="$lib" >&2
        touch "$lib/.complete"
    fi
    cp "${jars[0]}" "$lib/"
}

write_configuration() {
    mkdir -p "$work/conf" "$work/run" "$work/log" "$work/tmp"
    cp "${FLINK_CONFIG:-$here/config.yaml}" "$work/conf/config.yaml"
    {
        echo "rest.port: $rest_port"
        echo "io.tmp.dirs: $work/tmp"
        echo "execution.checkpointing.dir: file://$work/checkpoints"
        echo "execution.checkpointing.savepoint-dir: file://$work/savepoints"
        if [ "${1:-}" = --ha ]; then
            echo "high-availability.type: zookeeper"
            echo "high-availability.zookeeper.quorum: 127.0.0.1:$zookeeper_port"
            echo "high-availability.zookeeper.client.session-timeout: 5000"
            echo "high-availability.storageDir: file://$work/ha"
        fi
    } >> "$work/conf/config.yaml"
    printf '%s\n' tickTime=500 "dataDir=$work/zookeeper" "clientPort=$zookeeper_port" clientPortAddress=127.0.0.1 \
        admin.enableServer=false > "$work/conf/zoo.cfg"
}

# launch <name> <main class with arguments and JVM options before it>: in the background, its process id in run/<name>
launch() {
    local name=$1
    shift
    if runs "$name"; then
        fail "$name runs already"
    fi
    nohup "$java" "${jvm_options[@]}" -cp "$lib/*" "$@" >> "$work/log/$name.log" 2>&1 < /dev/null &
    echo $! > "$work/run/$name"
    say "started $name, process $!"
}

runs() {
    [ -e "$work/run/$1" ] && kill -0 "$(cat "$work/run/$1")" 2> /dev/null
}

# memory <GET_JM_RESOURCE_PARAMS|GET_TM_RESOURCE_PARAMS>: as Flink's own scripts ask; a line of JVM options, one of -D
memory() {
    "$java" "${jvm_options[@]}" -cp "$lib/*" org.apache.flink.runtime.util.bash.BashJavaUtils "$1" \
        --configDir "$work/conf" 2>> "$work/log/memory.log" | sed -n 's/^BASH_JAVA_UTILS_EXEC_RESULT://p'
}

start_process() {
    local name=$1 lines
    case $name in
        zookeeper)
            launch zookeeper -Xmx64m \
                org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain "$work/conf/zoo.cfg"
            ;;
        jobmanager)
            mapfile -t lines < <(memory GET_JM_RESOURCE_PARAMS)
            # shellcheck disable=SC2086 # each line is several arguments
            launch jobmanager ${lines[0]} org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint \
                --configDir "$work/conf" ${lines[1]}
            ;;
        taskmanager-*)
            mapfile -t lines < <(memory GET_TM_RESOURCE_PARAMS)
            # shellcheck disable=SC2086
            launch "$name" ${lines[0]} org.apache.flink.runtime.taskexecutor.TaskManagerRunner \
                --configDir "$work/conf" -D "taskmanager.resource-id=$name" ${lines[1]}
            ;;
        *) fail "there is no process '$name': use jobmanager, taskmanager-1, taskmanager-2 or zookeeper" ;;
    esac
}

registered() {
    curl -s "http://127.0.0.1:$rest_port/taskmanagers" | grep -o '"id":"taskmanager-[0-9]*"' | sort -u | wc -l
}

up() {
    copy_jars
    write_configuration "${1:-}"
    if [ "${1:-}" = --ha ]; then
        start_process zookeeper
    fi
    start_process jobmanager
    start_process taskmanager-1
    start_process taskmanager-2
    local second
    for ((second = 0; second < start_seconds; second++)); do
        if [ "$(registered)" -eq 2 ]; then
            say "ready: http://127.0.0.1:$rest_port"
            return
        fi
        sleep 1
    done
    fail "the TaskManagers have not registered within $start_seconds s; see $work/log"
}

down() {
    local file pid
    for file in "$work"/run/*; do
        [ -e "$file" ] || continue
        pid=$(cat "$file")
        kill "$pid" 2> /dev/null || true
        while kill -0 "$pid" 2> /dev/null; do
            sleep 0.2
        done
        say "stopped $(basename "$file")"
        rm -f "$file"
    done
}

status() {
    local file name
    for file in "$work"/run/*; do
        [ -e "$file" ] || continue
        name=$(basename "$file")
        runs "$name" && echo "$name: process $(cat "$file")" || echo "$name: does not run"
    done
}

flink() {
    FLINK_CONF_DIR="$work/conf" "$java" "${jvm_options[@]}" -cp "$lib/*" org.apache.flink.client.cli.CliFrontend "$@"
}

case ${1:-} in
    up) up "${2:-}" ;;
    run) flink "$@" ;;
    flink) flink "${@:2}" ;;
    kill) kill -9 "$(cat "$work/run/${2:?which process}")" ;;
    start) start_process "${2:?which process}" ;;
    status) status ;;
    down) down ;;
    *)
        sed -n '2,14s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac

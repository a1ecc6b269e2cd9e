#!/usr/bin/env bash
# Container images without an image registry: firn-local/kafka (a broker and Kafka Connect) and firn-local/registry (a
# schema registry), out of the local JDK, jars from Maven Central, busybox and this host's C library. They stand in for
# apache/kafka and apicurio/apicurio-registry in mvn verify -Pcontainers and in examples/compose.yaml, with the same
# paths, ports and environment variables, as far as those two use them.
# Needs Linux with glibc, a JDK with jlink, Maven, bash, busybox and a Docker engine that runs.
# Environment: JAVA_HOME; DOCKER_HOST, as for docker.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$here/target
java_home=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
modules=java.se,jdk.unsupported,jdk.crypto.ec,jdk.httpserver,jdk.jcmd,jdk.management,jdk.management.agent
modules+=,jdk.naming.dns,jdk.security.auth,jdk.zipfs

say() { echo "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

check() {
    local program
    for program in mvn docker busybox ldd tar "$java_home/bin/jlink"; do
        command -v "$program" > /dev/null ||
            fail "$program is missing (on Debian: openjdk-17-jdk-headless maven docker.io busybox-static)"
    done
    docker version --format '{{.Server.Version}}' > /dev/null ||
        fail "no Docker engine answers: start one, or set DOCKER_HOST"
}

# version <property>: as the parent pom has it
version() {
    sed -n "s:.*<$1>\(.*\)</$1>.*:\1:p" "$here/../../pom.xml"
}

# libraries <file>...: the shared libraries that these need, and the rest of the C library for what jars unpack
libraries() {
    local needed directory
    needed=$(ldd "$@" 2> /dev/null |
        awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\// && NF == 2 { print $1 }' | sort -u)
    directory=$(dirname "$(grep -m 1 '/libc\.so' <<< "$needed")")
    echo "$needed"
    ls "$directory"/{libpthread.so.0,libdl.so.2,librt.so.1,libm.so.6,libresolv.so.2}
}

# a root directory with a JRE, a shell and the usual commands
make_base() {
    local root=$work/base applet library
    rm -rf "$root"
    mkdir -p "$root"/{bin,etc,opt,proc,sys,dev,tmp,usr/bin,var}
    chmod 1777 "$root/tmp"
    "$java_home/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages \
        --output "$root/opt/java"
    for applet in $(busybox --list); do
        ln -sf busybox "$root/bin/$applet"
    done
    cp --remove-destination "$(command -v busybox)" "$root/bin/busybox"
    ln -sf /bin/env "$root/usr/bin/env"
    cp --remove-destination "$(command -v bash)" "$root/bin/bash"
    find "$root/opt/java" -name '*.so' -o -path '*/bin/java' > "$work/binaries"
    # shellcheck disable=SC2046 # file names of our own
    for library in $(libraries "$root/bin/bash" "$root/bin/busybox" $(cat "$work/binaries")); do
        case $library in
            "$root"/*) ;;
            *)
                mkdir -p "$root$(dirname "$library")"
                cp -L "$library" "$root$library"
                ;;
        esac
    done
    echo 'root:x:0:0:root:/tmp:/bin/bash' > "$root/etc/passwd"
    echo 'hosts: files dns' > "$root/etc/nsswitch.conf"
}

# make_image <directory> <image> <change>...
make_image() {
    local root=$1 image=$2 changes=() change
    shift 2
    for change in "$@"; do
        changes+=(--change "$change")
    done
    tar -C "$root" --owner=0 --group=0 -c . | docker import "${changes[@]}" - "$image" > /dev/null
    say "made $image"
}

check
mvn -B -q -f "$here/pom.xml" package >&2
make_base

cp -a "$work/base" "$work/kafka.tmp" && rm -rf "$work/kafka" && mv "$work/kafka.tmp" "$work/kafka"
mkdir -p "$work/kafka/opt/kafka" "$work/kafka/etc/kafka/docker"
cp -a "$work/kafka-libs" "$work/kafka/opt/kafka/libs"
cp -a "$here/kafka/bin" "$here/kafka/config" "$work/kafka/opt/kafka/"
cp -a "$here/kafka/run" "$work/kafka/etc/kafka/docker/run"
path='ENV PATH=/opt/java/bin:/opt/kafka/bin:/bin'
make_image "$work/kafka" "firn-local/kafka:$(version kafka.version)" "$path" 'ENV LOG_DIR=/tmp/logs' \
    'EXPOSE 9092' 'CMD ["/etc/kafka/docker/run"]'

cp -a "$work/base" "$work/registry.tmp" && rm -rf "$work/registry-root" && mv "$work/registry.tmp" "$work/registry-root"
cp -a "$work/registry" "$work/registry-root/opt/registry"
runner=$(cd "$work/registry" && echo *-runner.jar)
[ -e "$work/registry/$runner" ] || fail "the registry's archive has no runner jar: $(ls "$work/registry")"
make_image "$work/registry-root" "firn-local/registry:$(version apicurio.version)" "$path" \
    'ENV QUARKUS_HTTP_HOST=0.0.0.0' 'EXPOSE 8080' 'WORKDIR /opt/registry' \
    "CMD [\"java\", \"-Xmx512m\", \"-XX:TieredStopAtLevel=1\", \"-jar\", \"$runner\"]"

cat << EOF
Now the suite runs without an image registry:
  export TESTCONTAINERS_RYUK_DISABLED=true
  mvn -B verify -Pcontainers -Dcontainers.kafka.image=firn-local/kafka:$(version kafka.version) \\
      -Dcontainers.registry.image=firn-local/registry:$(version apicurio.version)
and so does the example:
  export KAFKA_IMAGE=firn-local/kafka:$(version kafka.version)
  export REGISTRY_IMAGE=firn-local/registry:$(version apicurio.version)
  docker compose -f examples/compose.yaml up
EOF

#!/bin/bash
# kafka-run-class.sh <class> [arguments]: with the variables of Kafka's own script that matter here
set -euo pipefail
logging=${KAFKA_LOG4J_OPTS:--Dlog4j2.configurationFile=/opt/kafka/config/log4j2.properties}
# shellcheck disable=SC2086 # each holds several arguments
exec java ${KAFKA_HEAP_OPTS:--Xmx512m} $logging ${KAFKA_OPTS:-} -cp "/opt/kafka/libs/*" "$@"

-- Archives a week of flights in partitions by day and asks the archive questions. In Flink's SQL client, with the fat
-- jar of flink-connector, flink-csv and flink-json in lib/:
--   bin/sql-client.sh -f flights.sql
-- Put the directories of your machine in the place of /data/examples (this repository's examples/data) and /data/firn.
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'UTC';

CREATE TABLE flights_file (
  departed STRING,
  delay INT,
  distance INT,
  origin STRING,
  destination STRING
) WITH (
  'connector' = 'filesystem',
  'path' = '/data/examples/flights-2001-week1.csv.gz',
  'format' = 'csv',
  'csv.ignore-parse-errors' = 'true' -- the header line is no flight
);

CREATE TABLE flights (
  departure TIMESTAMP_LTZ(3) METADATA FROM 'timestamp',
  dt DATE,
  delay INT,
  distance INT,
  origin STRING,
  destination STRING
) PARTITIONED BY (dt)
WITH (
  'connector' = 'firn',
  'path' = '/data/firn',
  'format' = 'json',
  'lifecycle.mode' = 'on-commit', -- settle and compress at the end of the job
  'compression.policy' = 'immediate'
);

INSERT INTO flights
SELECT ts, CAST(ts AS DATE), delay, distance, origin, destination
FROM (
  SELECT
    CAST(TO_TIMESTAMP(departed, 'yyyy-MM-dd''T''HH:mm:ss''Z''') AS TIMESTAMP_LTZ(3)) AS ts,
    delay, distance, origin, destination
  FROM flights_file
  WHERE delay IS NOT NULL
);

-- Answered from the footers of the files: no record is read.
SELECT dt, COUNT(*) AS flights, MIN(departure) AS first_departure, MAX(departure) AS last_departure
FROM flights GROUP BY dt ORDER BY dt;

-- Opens the files of one day only, and of those the blocks of three hours.
SELECT origin, COUNT(*) AS flights, AVG(CAST(delay AS DOUBLE)) AS delay_minutes
FROM flights
WHERE dt = DATE '2001-01-02'
  AND departure >= TIMESTAMP '2001-01-02 15:00:00' AND departure < TIMESTAMP '2001-01-02 18:00:00'
GROUP BY origin
ORDER BY flights DESC, origin
LIMIT 3;

-- What is pushed into the scan.
EXPLAIN SELECT COUNT(*) FROM flights WHERE dt >= DATE '2001-01-06';

-- The same archive as a catalog shows it: values are bytes, nothing has to be declared.
CREATE CATALOG archive WITH ('type' = 'firn', 'path' = '/data/firn');
SHOW PARTITIONS archive.`default`.flights;
SELECT CAST(`value` AS STRING) AS flight FROM archive.`default`.flights
WHERE dt = DATE '2001-01-07' AND `timestamp` >= TIMESTAMP '2001-01-07 23:58:00'
ORDER BY `timestamp`, flight LIMIT 2;

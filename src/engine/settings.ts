import type { EngineLimits } from './engine.ts'

/** Settings both engines run under, so that one SQL gives one answer. */
export function engineSettings(limits: EngineLimits): Readonly<Record<string, string>> {
  const spillBytes = Math.floor(limits.memoryBytesMax / 3)
  return {
    // Exact in JavaScript only below 2^53; queries that return hashes shift them there first.
    output_format_json_quote_64bit_integers: '0',
    session_timezone: 'UTC',
    date_time_output_format: 'iso',
    max_threads: String(limits.threadsMax),
    max_insert_threads: String(limits.threadsMax),
    max_memory_usage: String(limits.memoryBytesMax),
    // Aggregations and sorts over the whole log go to disk before they hit the limit above.
    max_bytes_before_external_group_by: String(spillBytes),
    max_bytes_before_external_sort: String(spillBytes),
    join_algorithm: 'grace_hash,hash',
    // A line of bad UTF-8 is data to be counted, not a reason to stop.
    output_format_json_validate_utf8: '1',
    log_queries: '0',
    // A file that is cut short while it is mapped kills the process; while it is read, it only ends.
    storage_file_read_method: 'pread',
    // Replicated tables drop a block equal to an earlier one, also to one that was deleted since; here a
    // file that grew is deleted and read again.
    insert_deduplicate: '0',
    // A source that cannot be reached is reported within seconds, not after ten tries with growing
    // pauses (67 s, measured); the defaults are made for servers that wait for each other.
    http_max_tries: '3',
    http_retry_max_backoff_ms: '2000',
    s3_retry_attempts: '5',
  }
}

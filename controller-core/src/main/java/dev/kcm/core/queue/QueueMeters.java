package dev.kcm.core.queue;

/** What a queue tells about itself. Durations are nanoseconds. Thread-safe; never blocks. */
interface QueueMeters {

  /** For queues without a name or a registry. */
  QueueMeters NONE =
      new QueueMeters() {
        @Override
        public void added() {}

        @Override
        public void taken(long waitedNanos) {}

        @Override
        public void done(long workedNanos) {}

        @Override
        public void retried() {}

        @Override
        public void close() {}
      };

  /** A key became dirty. */
  void added();

  /** A key went to a worker. */
  void taken(long waitedNanos);

  /** A worker finished a key. */
  void done(long workedNanos);

  /** A key was added with a delay, zero included. */
  void retried();

  /** The queue has come to its end. Idempotent. */
  void close();

  /** The side of a queue that gauges read, at scrape. Thread-safe. */
  interface Gauged {

    /** Keys that need work and are not yet with a worker for it. */
    int depth();

    /** Sum of the ages of all work in progress, in nanoseconds. */
    long unfinishedNanos();

    /** Age of the oldest work in progress, in nanoseconds; 0 when there is none. */
    long longestRunningNanos();
  }
}

package dev.kcm.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Where a store keeps its objects beyond the life of the process. Called by one thread at a time.
 */
interface Journal extends AutoCloseable {

  /** Keeps nothing. */
  Journal NONE =
      new Journal() {
        @Override
        public long load(Loaded objects) {
          return Store.FIRST_REVISION;
        }

        @Override
        public void put(String resource, String key, JsonNode object) {}

        @Override
        public void remove(String resource, String key, long revision) {}

        @Override
        public void close() {}
      };

  /** Takes objects as they were kept. */
  interface Loaded {
    void object(String resource, String key, ObjectNode object);
  }

  /**
   * Hands over all objects.
   *
   * @return the revision of the latest change
   */
  long load(Loaded objects);

  /**
   * Keeps an object; when this returns, it outlives the process.
   *
   * @throws JournalException when it could not be kept; what was kept before still is
   */
  void put(String resource, String key, JsonNode object);

  /**
   * Forgets an object; when this returns, that outlives the process.
   *
   * @param revision the revision of this change
   * @throws JournalException when that could not be kept
   */
  void remove(String resource, String key, long revision);

  @Override
  void close();
}

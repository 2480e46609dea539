package dev.kcm.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * Objects of one resource as they were at one revision.
 *
 * @param revision the revision all of them are consistent with
 * @param entries key and object, sorted by key; never changed
 */
public record Snapshot(long revision, List<Map.Entry<String, JsonNode>> entries) {

  public Snapshot {
    entries = List.copyOf(entries);
  }
}

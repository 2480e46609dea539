package dev.kcm.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The objects, events and followers of one resource.
 *
 * <p>Guarded by the store's lock.
 */
final class Shelf {

  final NavigableMap<String, JsonNode> objects = new TreeMap<>();
  final ArrayDeque<StoreEvent> history = new ArrayDeque<>();
  final List<Subscription> followers = new ArrayList<>();

  /** Revision of the latest change, 0 before the first one. */
  long lastChange;

  /** Current objects whose key starts with the prefix. */
  List<Map.Entry<String, JsonNode>> copy(String prefix) {
    SortedMap<String, JsonNode> range =
        prefix.isEmpty() ? objects : objects.subMap(prefix, prefix + Character.MAX_VALUE);
    List<Map.Entry<String, JsonNode>> entries = new ArrayList<>(range.size());
    range.forEach((key, object) -> entries.add(Map.entry(key, object)));
    return entries;
  }

  /** Events after the revision, oldest first. */
  List<StoreEvent> eventsAfter(long revision) {
    List<StoreEvent> events = new ArrayList<>();
    Iterator<StoreEvent> newestFirst = history.descendingIterator();
    while (newestFirst.hasNext()) {
      StoreEvent event = newestFirst.next();
      if (event.revision() <= revision) {
        break;
      }
      events.add(event);
    }
    Collections.reverse(events);
    return events;
  }
}

package dev.kcm.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.patch.ApiField.ValueType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Strategic merge of one list.
 *
 * <p>Items are identified by their merge key, scalars by themselves. The result holds the items of
 * the patch in the order of the patch; items that only the current list has keep their order and
 * stand before the first item of the patch that followed them.
 */
final class ListMerge {

  private final String name;
  private final boolean merges;
  private final String mergeKey;
  private final @Nullable ValueType itemType;

  private ListMerge(String name, boolean merges, String mergeKey, @Nullable ValueType itemType) {
    this.name = name;
    this.merges = merges;
    this.mergeKey = mergeKey;
    this.itemType = itemType;
  }

  static ListMerge of(String name, @Nullable ApiField field) {
    return field == null
        ? new ListMerge(name, false, "", null)
        : new ListMerge(
            name, field.mergesItems(), field.mergeKey(), field.type().element().orElse(null));
  }

  /** Merges without a given order. */
  ArrayNode merge(ArrayNode current, ArrayNode patch) {
    if (!merges) {
      return (ArrayNode) Directives.strip(patch);
    }
    List<String> before = identities(current);
    List<String> order = new ArrayList<>();
    List<JsonNode> merged = mergeItems(current, patch, order);
    return merged == null ? patch : ordered(current.arrayNode(), merged, order, before);
  }

  /**
   * Merges into the order that the patch gives.
   *
   * @param order identities of the wanted items: scalars, or objects with the merge key
   */
  ArrayNode mergeInOrder(ArrayNode current, ArrayNode patch, ArrayNode order) {
    List<String> wanted = identities(order);
    checkOrder(patch, wanted);
    List<String> before = identities(current);
    List<JsonNode> merged =
        merges ? mergeItems(current, patch, new ArrayList<>()) : items(Directives.strip(patch));
    List<JsonNode> items = merged == null ? items(patch) : merged;
    return ordered(current.arrayNode(), items, wanted, before);
  }

  private void checkOrder(ArrayNode patch, List<String> wanted) {
    int last = -1;
    for (JsonNode item : patch) {
      boolean value = !item.isObject() || Directives.patch(item).equals("merge");
      int index = value ? wanted.indexOf(identity(item)) : last;
      if (index < last || (value && index < 0)) {
        throw new PatchException(
            422,
            "The order in patch list:\n"
                + patch
                + "\n doesn't match $setElementOrder list:\n"
                + wanted
                + "\n");
      }
      last = index;
    }
  }

  /**
   * The merged items in no particular order; null when the patch replaces the list, which is then
   * what is left of the patch.
   *
   * @param order receives the identities of the items of the patch, in order
   */
  private @Nullable List<JsonNode> mergeItems(
      ArrayNode current, ArrayNode patch, List<String> order) {
    checkItems(current, patch);
    if (replaces(patch)) {
      Directives.strip(patch);
      return null;
    }
    List<JsonNode> merged = items(current);
    Map<String, Integer> index = new HashMap<>();
    for (int i = 0; i < merged.size(); i++) {
      index.putIfAbsent(identity(merged.get(i)), i);
    }
    Set<String> deleted = new HashSet<>();
    for (JsonNode item : patch) {
      String identity = patchIdentity(item);
      if (item.isObject() && Directives.patch(item).equals("delete")) {
        deleted.add(identity);
        index.remove(identity);
        continue;
      }
      order.add(identity);
      Integer at = index.get(identity);
      if (at == null) {
        index.put(identity, merged.size());
        merged.add(Directives.strip(item));
      } else if (item instanceof ObjectNode change && merged.get(at) instanceof ObjectNode old) {
        merged.set(at, StrategicMerge.merge(old, change, itemType));
      }
    }
    merged.subList(0, current.size()).removeIf(item -> deleted.contains(identity(item)));
    return merged;
  }

  private void checkItems(ArrayNode current, ArrayNode patch) {
    boolean objects = !mergeKey.isEmpty();
    for (ArrayNode list : List.of(current, patch)) {
      for (JsonNode item : list) {
        if (item.isArray()) {
          throw new PatchException(422, "lists of lists are not supported: " + name);
        }
        if (item.isObject() != objects) {
          throw new PatchException(
              422,
              "cannot merge list " + name + ": items must be " + (objects ? "objects" : "scalars"));
        }
      }
    }
  }

  private static boolean replaces(ArrayNode patch) {
    for (JsonNode item : patch) {
      if (item.isObject() && Directives.patch(item).equals("replace")) {
        return true;
      }
    }
    return false;
  }

  private String patchIdentity(JsonNode item) {
    if (item.isObject() && !item.has(mergeKey)) {
      throw new PatchException(
          422, "map: " + item + " does not contain declared merge key: " + mergeKey);
    }
    return identity(item);
  }

  private String identity(JsonNode item) {
    return Scalars.identity(item.isObject() ? item.get(mergeKey) : item);
  }

  private List<String> identities(ArrayNode list) {
    List<String> identities = new ArrayList<>(list.size());
    list.forEach(item -> identities.add(identity(item)));
    return identities;
  }

  private static List<JsonNode> items(JsonNode list) {
    List<JsonNode> items = new ArrayList<>(list.size());
    list.forEach(items::add);
    return items;
  }

  private ArrayNode ordered(
      ArrayNode result, List<JsonNode> items, List<String> order, List<String> before) {
    Map<String, Integer> wanted = positions(order);
    Map<String, Integer> old = positions(before);
    List<JsonNode> named = new ArrayList<>();
    List<JsonNode> rest = new ArrayList<>();
    for (JsonNode item : items) {
      (wanted.containsKey(identity(item)) ? named : rest).add(item);
    }
    named.sort(Comparator.comparing(item -> wanted.getOrDefault(identity(item), 0)));
    int next = 0;
    for (JsonNode item : named) {
      Integer at = old.get(identity(item));
      while (at != null && next < rest.size() && isBefore(rest.get(next), at, old)) {
        result.add(rest.get(next++));
      }
      result.add(item);
    }
    rest.subList(next, rest.size()).forEach(result::add);
    return result;
  }

  private boolean isBefore(JsonNode item, int position, Map<String, Integer> old) {
    Integer at = old.get(identity(item));
    return at != null && at < position;
  }

  private static Map<String, Integer> positions(List<String> identities) {
    Map<String, Integer> positions = new HashMap<>();
    for (String identity : identities) {
      positions.putIfAbsent(identity, positions.size());
    }
    return positions;
  }
}

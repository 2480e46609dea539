package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Lets stored objects share equal branches: pods of one template differ in little more than names.
 *
 * <p>Remembers some branches in a table of fixed size, in which a newer one may displace an older
 * one. What is displaced is shared no further, and nothing else happens. Sharing never changes a
 * tree that was passed in.
 *
 * <p>Thread-safe: the table publishes branches that nobody changes.
 */
final class SharedBranches {

  private static final int SLOTS = 1 << 14;

  /** Places that a branch may have, so that two that are often met do not displace each other. */
  private static final int WAYS = 4;

  private static final int LONGEST_TEXT = 200;

  private final AtomicReferenceArray<@Nullable JsonNode> known = new AtomicReferenceArray<>(SLOTS);

  /** The object with shared branches; itself a tree of its own that may get other fields. */
  ObjectNode of(ObjectNode object) {
    ObjectNode copy = Trees.object();
    object.properties().forEach(field -> copy.set(field.getKey(), share(field.getValue())));
    return copy;
  }

  private JsonNode share(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return share(object);
    }
    if (node instanceof ArrayNode array) {
      return share(array);
    }
    boolean worthIt =
        node.isNumber() || (node.isTextual() && node.textValue().length() <= LONGEST_TEXT);
    return worthIt ? remembered(node, node.hashCode()) : node;
  }

  private JsonNode share(ObjectNode object) {
    JsonNode[] values = new JsonNode[object.size()];
    int hash = values.length;
    int at = 0;
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      JsonNode value = share(field.getValue());
      values[at++] = value;
      hash = 31 * (31 * hash + field.getKey().hashCode()) + hash(value);
    }
    int slot = slot(hash);
    for (int i = slot; i < slot + WAYS; i++) {
      if (known.get(i) instanceof ObjectNode candidate && isSame(candidate, object, values)) {
        return candidate;
      }
    }
    ObjectNode fresh = Trees.object();
    at = 0;
    for (String name : (Iterable<String>) object::fieldNames) {
      fresh.set(name, values[at++]);
    }
    remember(slot, fresh);
    return fresh;
  }

  private JsonNode share(ArrayNode array) {
    JsonNode[] values = new JsonNode[array.size()];
    int hash = ~values.length;
    for (int i = 0; i < values.length; i++) {
      values[i] = share(array.get(i));
      hash = 31 * hash + hash(values[i]);
    }
    int slot = slot(hash);
    for (int i = slot; i < slot + WAYS; i++) {
      if (known.get(i) instanceof ArrayNode candidate && isSame(candidate, values)) {
        return candidate;
      }
    }
    ArrayNode fresh = Trees.array();
    for (JsonNode value : values) {
      fresh.add(value);
    }
    remember(slot, fresh);
    return fresh;
  }

  private JsonNode remembered(JsonNode leaf, int hash) {
    int slot = slot(hash);
    for (int i = slot; i < slot + WAYS; i++) {
      JsonNode candidate = known.get(i);
      if (leaf.equals(candidate)) {
        return candidate;
      }
    }
    remember(slot, leaf);
    return leaf;
  }

  /** In a free place, else in any: what is met often comes back by itself. */
  private void remember(int slot, JsonNode node) {
    for (int i = slot; i < slot + WAYS; i++) {
      if (known.get(i) == null) {
        known.set(i, node);
        return;
      }
    }
    known.set(slot + ThreadLocalRandom.current().nextInt(WAYS), node);
  }

  /** Same names in the same order, and values that are one or equal leaves. */
  private static boolean isSame(ObjectNode candidate, ObjectNode object, JsonNode[] values) {
    if (candidate.size() != values.length) {
      return false;
    }
    int at = 0;
    var names = object.fieldNames();
    for (Map.Entry<String, JsonNode> field : candidate.properties()) {
      if (!field.getKey().equals(names.next()) || !isSame(field.getValue(), values[at++])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSame(ArrayNode candidate, JsonNode[] values) {
    if (candidate.size() != values.length) {
      return false;
    }
    for (int i = 0; i < values.length; i++) {
      if (!isSame(candidate.get(i), values[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSame(JsonNode one, JsonNode other) {
    return Trees.isSame(one, other) || (one.isValueNode() && one.equals(other));
  }

  /** By identity for branches, which are shared already or equal to none. */
  private static int hash(JsonNode node) {
    return node.isContainerNode() ? System.identityHashCode(node) : node.hashCode();
  }

  private static int slot(int hash) {
    int mixed = hash * 0x9E3779B9;
    return (mixed ^ (mixed >>> 15)) & (SLOTS - 1) & -WAYS;
  }
}

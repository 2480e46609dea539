package dev.kcm.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A set of field paths as a tree; sets made from objects also hold the values of their leaves.
 *
 * <p><i>Confined to the calling thread while it is built, never changed afterwards.</i>
 */
final class FieldSet {

  static final FieldSet EMPTY = new FieldSet();

  private final Map<String, FieldSet> children = new TreeMap<>();
  private boolean member;
  private @Nullable JsonNode value;

  /**
   * Whether this is a map or a list, which somebody owns besides what is in it. Those that an
   * object cannot be without are there from the start, and nobody's.
   */
  private boolean container;

  private FieldSet() {}

  /** The fields of an object, each as deep as its shape lets ownership descend. */
  static FieldSet of(JsonNode object, Shape shape) {
    FieldSet set = new FieldSet();
    set.walk(object, shape);
    return set;
  }

  private void walk(JsonNode node, Shape shape) {
    container = shape.isContainer();
    if (node.isObject() && shape.hasFields()) {
      for (var field : node.properties()) {
        String name = field.getKey();
        JsonNode child = field.getValue();
        FieldSet set = of(child, shape.field(name));
        set.container &= !shape.requires(name);
        boolean bare = child.isNull() || (child.isObject() && child.isEmpty());
        set.member |= bare || !shape.declares(name);
        attach(FieldPaths.field(name), set);
      }
    } else if (node.isArray() && shape.hasItems()) {
      for (JsonNode item : node) {
        FieldSet set = of(item, shape.item());
        set.member = true;
        attach(FieldPaths.item(item, shape), set);
      }
    } else {
      member = true;
      value = node;
    }
  }

  private void attach(String element, FieldSet set) {
    if (!set.isEmpty()) {
      children.put(element, set);
    }
  }

  /** Reads the form that managedFields holds. */
  static FieldSet fromJson(JsonNode json) {
    FieldSet set = new FieldSet();
    for (var entry : json.properties()) {
      if (entry.getKey().equals(".")) {
        set.member = true;
      } else {
        FieldSet child = fromJson(entry.getValue());
        child.member |= child.children.isEmpty();
        set.children.put(entry.getKey(), child);
      }
    }
    return set;
  }

  /** Writes the form that managedFields holds. */
  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    children.forEach(
        (element, child) -> {
          ObjectNode entry = child.toJson();
          if (child.member && !child.children.isEmpty()) {
            ObjectNode marked = JsonNodeFactory.instance.objectNode();
            marked.putObject(".");
            json.set(element, marked.setAll(entry));
          } else {
            json.set(element, entry);
          }
        });
    return json;
  }

  boolean isEmpty() {
    return !member && children.isEmpty();
  }

  boolean isMember() {
    return member;
  }

  Map<String, FieldSet> children() {
    return children;
  }

  /** What lies under an element, empty when nothing does. */
  FieldSet child(String element) {
    return children.getOrDefault(element, EMPTY);
  }

  /** Paths that are in either set. */
  FieldSet union(FieldSet other) {
    return combine(other, (one, two) -> one || two);
  }

  /** Paths of this set that are not in the other. */
  FieldSet minus(FieldSet other) {
    return combine(other, (one, two) -> one && !two);
  }

  /** Paths that are in both sets. */
  FieldSet intersection(FieldSet other) {
    return combine(other, (one, two) -> one && two);
  }

  private FieldSet combine(FieldSet other, BiPredicate<Boolean, Boolean> rule) {
    FieldSet result = new FieldSet();
    result.member = rule.test(member, other.member);
    children.forEach((e, child) -> result.attach(e, child.combine(other.child(e), rule)));
    other.children.forEach(
        (e, child) -> {
          if (!children.containsKey(e)) {
            result.attach(e, EMPTY.combine(child, rule));
          }
        });
    return result;
  }

  /**
   * Paths that are new or have another value in a later state of the object; of a new map or list
   * the path itself, too.
   */
  FieldSet changedIn(FieldSet later) {
    FieldSet result = new FieldSet();
    boolean emptied = later.container && later.value == null && !isEmpty();
    result.member = later.member && !emptied && (!member || !sameValue(later));
    later.children.forEach(
        (e, child) -> {
          FieldSet changed = child(e).changedIn(child);
          changed.member |= child.container && child(e).isEmpty();
          result.attach(e, changed);
        });
    return result;
  }

  /** Paths of maps and lists of this set of which nothing is left in a later state. */
  FieldSet containersGoneIn(FieldSet later) {
    FieldSet result = new FieldSet();
    children.forEach(
        (e, child) -> {
          FieldSet gone = child.containersGoneIn(later.child(e));
          gone.member |= child.container && later.child(e).isEmpty();
          result.attach(e, gone);
        });
    return result;
  }

  private boolean sameValue(FieldSet other) {
    if (value == null || other.value == null) {
      return value == null && other.value == null;
    }
    return Scalars.same(value, other.value);
  }

  /** All paths, in the form that messages show. */
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    collect("", paths);
    return paths;
  }

  private void collect(String prefix, List<String> paths) {
    if (member) {
      paths.add(prefix);
    }
    children.forEach((e, child) -> child.collect(prefix + FieldPaths.display(e), paths));
  }

  /** Whether the same paths are in both sets, whatever values they have. */
  boolean samePaths(FieldSet other) {
    return minus(other).isEmpty() && other.minus(this).isEmpty();
  }
}

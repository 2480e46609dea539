package dev.kcm.embedded.patch;

import java.util.List;
import java.util.Optional;

/**
 * A field of an {@link ApiType}, with the rules for patching it.
 *
 * @param name JSON name
 * @param type declared type
 * @param listRule how server-side apply merges it, when it is a list
 * @param listKeys keys that identify an item of an associative list, else empty
 * @param mergesItems whether a strategic merge patch merges the items of the list
 * @param mergeKey key that strategic merge patch identifies items by, empty for lists of scalars
 * @param replaced whether a strategic merge patch replaces the object as a whole
 * @param atomicity whether server-side apply owns an object as a whole
 * @param defaultText value assumed when the field is an absent list key, else empty
 * @param required whether the field must be there
 */
public record ApiField(
    String name,
    ValueType type,
    ListRule listRule,
    List<String> listKeys,
    boolean mergesItems,
    String mergeKey,
    boolean replaced,
    Atomicity atomicity,
    String defaultText,
    boolean required) {

  public ApiField {
    listKeys = List.copyOf(listKeys);
  }

  /** How server-side apply merges a list. */
  public enum ListRule {
    /** Owned as a whole. */
    ATOMIC,
    /** A set of scalars, each owned on its own. */
    SET,
    /** Items identified by their keys, each owned on its own. */
    MAP
  }

  /** Whether a field overrides what its type says about ownership. */
  public enum Atomicity {
    INHERITED,
    ATOMIC,
    GRANULAR
  }

  /** The form of a declared type. */
  public enum Form {
    SCALAR,
    LIST,
    MAP,
    NAMED,
    ANY
  }

  /**
   * A declared type.
   *
   * @param form its form
   * @param name scalar name or name of the {@link ApiType}, empty for lists and maps
   * @param inner types of the items of a list or of the values of a map: one; else empty
   */
  public record ValueType(Form form, String name, List<ValueType> inner) {

    public ValueType {
      inner = List.copyOf(inner);
    }

    /** Type of items or of map values. */
    public Optional<ValueType> element() {
      return inner.stream().findFirst();
    }

    /** The named type, empty for other forms. */
    public Optional<ApiType> named() {
      return form == Form.NAMED ? Optional.of(ApiTypes.standard().get(name)) : Optional.empty();
    }
  }
}

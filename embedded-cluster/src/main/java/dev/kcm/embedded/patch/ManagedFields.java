package dev.kcm.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Who owns which fields of an object: the content of {@code metadata.managedFields}.
 *
 * <p><i>Confined to the calling thread.</i>
 */
final class ManagedFields {

  private static final String APPLY = "Apply";
  private static final String UPDATE = "Update";

  private final Map<Owner, Entry> entries = new LinkedHashMap<>();

  /**
   * An owner.
   *
   * @param manager name of the manager
   * @param operation {@code Apply} or {@code Update}
   * @param apiVersion API version of an update; empty for apply, which is the same owner in all
   *     versions
   * @param subresource subresource that was written, else empty
   */
  record Owner(String manager, String operation, String apiVersion, String subresource) {

    static Owner applying(String manager, String subresource) {
      return new Owner(manager, APPLY, "", subresource);
    }

    static Owner updating(String manager, String apiVersion, String subresource) {
      return new Owner(manager, UPDATE, apiVersion, subresource);
    }

    /** The owner as messages show it. */
    String display() {
      String text = "\"" + manager + "\"";
      if (!subresource.isEmpty()) {
        text += " with subresource \"" + subresource + "\"";
      }
      return operation.equals(UPDATE) ? text + " using " + apiVersion : text;
    }
  }

  private record Entry(String apiVersion, String time, FieldSet fields) {}

  static ManagedFields of(JsonNode object) {
    ManagedFields managed = new ManagedFields();
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      String operation = entry.path("operation").asText("");
      String apiVersion = entry.path("apiVersion").asText("");
      Owner owner =
          new Owner(
              entry.path("manager").asText(""),
              operation,
              operation.equals(APPLY) ? "" : apiVersion,
              entry.path("subresource").asText(""));
      FieldSet fields = FieldSet.fromJson(entry.path("fieldsV1"));
      managed.entries.put(owner, new Entry(apiVersion, entry.path("time").asText(""), fields));
    }
    return managed;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  FieldSet fields(Owner owner) {
    return Optional.ofNullable(entries.get(owner)).map(Entry::fields).orElse(FieldSet.EMPTY);
  }

  /** Gives an owner these fields, as of now; with none it is no owner any more. */
  void put(Owner owner, String apiVersion, FieldSet fields, Instant now) {
    if (fields.isEmpty()) {
      entries.remove(owner);
    } else {
      String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
      entries.put(owner, new Entry(apiVersion, time, fields));
    }
  }

  /** What anybody owns. */
  FieldSet all() {
    return entries.values().stream().map(Entry::fields).reduce(FieldSet.EMPTY, FieldSet::union);
  }

  /** The other owners that own any of these fields, each with those it owns. */
  Map<Owner, FieldSet> othersOwning(FieldSet fields, Owner owner) {
    Map<Owner, FieldSet> owning = new LinkedHashMap<>();
    entries.forEach(
        (other, entry) -> {
          FieldSet common = entry.fields().intersection(fields);
          if (!other.equals(owner) && !common.isEmpty()) {
            owning.put(other, common);
          }
        });
    return owning;
  }

  /** Takes fields from all owners but one. */
  void takeFromOthers(FieldSet fields, Owner owner) {
    changeFields(owner, set -> set.minus(fields));
  }

  private void changeFields(Owner except, UnaryOperator<FieldSet> change) {
    for (Owner owner : List.copyOf(entries.keySet())) {
      Entry entry = entries.get(owner);
      if (entry != null && !owner.equals(except)) {
        FieldSet left = change.apply(entry.fields());
        if (left.isEmpty()) {
          entries.remove(owner);
        } else {
          entries.put(owner, new Entry(entry.apiVersion(), entry.time(), left));
        }
      }
    }
  }

  /** Writes the entries into an object, in the order of the API. */
  void writeTo(ObjectNode object) {
    ObjectNode metadata =
        object.get("metadata") instanceof ObjectNode present
            ? present
            : object.putObject("metadata");
    if (entries.isEmpty()) {
      metadata.remove("managedFields");
      return;
    }
    List<Owner> owners = new ArrayList<>(entries.keySet());
    owners.sort(
        Comparator.comparing(Owner::operation)
            .thenComparing(owner -> time(owner))
            .thenComparing(Owner::manager)
            .thenComparing(Owner::apiVersion)
            .thenComparing(Owner::subresource));
    ArrayNode list = metadata.putArray("managedFields");
    owners.forEach(owner -> list.add(json(owner)));
  }

  private String time(Owner owner) {
    return Optional.ofNullable(entries.get(owner)).map(Entry::time).orElse("");
  }

  private ObjectNode json(Owner owner) {
    Entry entry = entries.getOrDefault(owner, new Entry("", "", FieldSet.EMPTY));
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("manager", owner.manager())
            .put("operation", owner.operation())
            .put("apiVersion", entry.apiVersion());
    if (!entry.time().isEmpty()) {
      json.put("time", entry.time());
    }
    json.put("fieldsType", "FieldsV1").set("fieldsV1", entry.fields().toJson());
    if (!owner.subresource().isEmpty()) {
      json.put("subresource", owner.subresource());
    }
    return json;
  }
}

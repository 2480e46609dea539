package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.Kind.Subresource;
import dev.kcm.embedded.resource.Kind.Trait;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The kinds a server serves, found by resource name or by kind name.
 *
 * <p>{@link #standard()} holds the stable API of Kubernetes 1.34; it is read from {@code kinds.tsv}
 * beside this class.
 *
 * <p><i>Immutable.</i>
 */
public final class KindTable {

  private static final String RESOURCE = "kinds.tsv";

  private static final List<String> ALL_VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  private final List<Kind> kinds;
  private final Map<ResourceName, Kind> byResource = new HashMap<>();
  private final Map<KindName, Kind> byKind = new HashMap<>();

  /** What CustomResourceDefinitions say about the kinds they define. */
  private final Map<Kind, JsonNode> definitions;

  private KindTable(List<Kind> kinds, Map<Kind, JsonNode> definitions) {
    this.kinds = List.copyOf(kinds);
    this.definitions = Map.copyOf(definitions);
    for (Kind kind : this.kinds) {
      byResource.put(new ResourceName(kind.group(), kind.version(), kind.plural()), kind);
      byKind.put(new KindName(kind.apiVersion(), kind.kind()), kind);
    }
  }

  /** The built-in kinds of Kubernetes 1.34. The same table each time. */
  public static KindTable standard() {
    return Standard.TABLE;
  }

  /**
   * The built-in kinds, with those in alpha that controllers of the manager read: DeviceTaintRule.
   * The same table each time.
   */
  public static KindTable standardAndAlpha() {
    return Standard.WITH_ALPHA;
  }

  /**
   * A table of other kinds, for example the built-in ones and some custom ones.
   *
   * @param kinds in discovery order
   */
  public static KindTable of(List<Kind> kinds) {
    return new KindTable(kinds, Map.of());
  }

  /** This table with the kinds of definitions behind its own; a name of its own stays its own. */
  KindTable with(Map<Kind, JsonNode> custom) {
    List<Kind> all = new ArrayList<>(kinds);
    custom.keySet().stream()
        .filter(kind -> find(kind.group(), kind.version(), kind.plural()).isEmpty())
        .forEach(all::add);
    return new KindTable(all, custom);
  }

  /**
   * The version entry of the CustomResourceDefinition that defines a kind: schema, subresources,
   * printer columns.
   *
   * @return a missing node for kinds without a definition
   */
  public JsonNode definition(Kind kind) {
    return definitions.getOrDefault(kind, Trees.missing());
  }

  /**
   * The kind that is served under a resource name.
   *
   * @param group API group, empty for core
   * @param version served version, for example {@code v1}
   * @param plural resource name as in paths, for example {@code pods}
   */
  public Optional<Kind> find(String group, String version, String plural) {
    return Optional.ofNullable(byResource.get(new ResourceName(group, version, plural)));
  }

  /**
   * The kind that an object names.
   *
   * @param apiVersion {@code version} or {@code group/version}
   * @param kind kind name, for example {@code Pod}
   */
  public Optional<Kind> ofKind(String apiVersion, String kind) {
    return Optional.ofNullable(byKind.get(new KindName(apiVersion, kind)));
  }

  /** All kinds in discovery order: groups by priority, the preferred version of a group first. */
  public List<Kind> all() {
    return kinds;
  }

  private KindTable withoutAlpha() {
    return of(kinds.stream().filter(kind -> !kind.has(Trait.ALPHA)).toList());
  }

  private static KindTable read() {
    try (InputStream in = KindTable.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing beside " + KindTable.class);
      }
      List<Kind> kinds = new ArrayList<>();
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          kinds.add(kind(line));
        }
      }
      return new KindTable(kinds, Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
  }

  private static Kind kind(String line) {
    String[] columns = line.split("\t", -1);
    if (columns.length != 12) {
      throw new IllegalStateException(RESOURCE + " needs 12 columns in each line, got: " + line);
    }
    return new Kind(
        text(columns[0]),
        columns[1],
        columns[2],
        columns[3],
        columns[4],
        items(columns[6], ","),
        items(columns[7], ","),
        columns[5].equals("namespaced"),
        columns[8].equals("*") ? ALL_VERBS : items(columns[8], ","),
        items(columns[9], ";").stream().map(KindTable::subresource).toList(),
        text(columns[10]),
        traits(columns[11]));
  }

  private static Subresource subresource(String text) {
    List<String> parts = List.of(text.split(":", -1));
    List<String> type = List.of(parts.get(1).split("/", -1));
    boolean foreign = type.size() == 3;
    return new Subresource(
        parts.get(0),
        foreign ? type.get(0) : "",
        foreign ? type.get(1) : "",
        type.get(type.size() - 1),
        items(parts.get(2), ","));
  }

  private static Set<Trait> traits(String text) {
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    items(text, ",").forEach(name -> traits.add(Trait.valueOf(name)));
    return traits;
  }

  private static String text(String column) {
    return column.equals("-") ? "" : column;
  }

  private static List<String> items(String column, String separator) {
    return column.equals("-") ? Collections.emptyList() : List.of(column.split(separator, -1));
  }

  private record ResourceName(String group, String version, String plural) {}

  private record KindName(String apiVersion, String kind) {}

  /** Read at first use, once. */
  private static final class Standard {
    static final KindTable WITH_ALPHA = read();
    static final KindTable TABLE = WITH_ALPHA.withoutAlpha();
  }
}

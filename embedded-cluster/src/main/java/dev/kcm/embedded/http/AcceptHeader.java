package dev.kcm.embedded.http;

import dev.kcm.embedded.http.Representation.Format;
import dev.kcm.embedded.http.Representation.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the form of an answer in what the client accepts.
 *
 * <p>Ranges count by quality, then by how much they say, then in the order of the header. A range
 * that asks for something unknown is passed over, so that clients can name what they like best
 * first and plain JSON last.
 *
 * <p>Stateless.
 */
final class AcceptHeader {

  static final String SERVED = "application/json, application/yaml, application/json;stream=watch";

  private static final String DISCOVERY_GROUP = "apidiscovery.k8s.io";

  private AcceptHeader() {}

  /** One range of the header. */
  private record MediaRange(String type, Map<String, String> parameters, double quality) {

    int specificity() {
      if (type.equals("*/*")) {
        return 0;
      }
      return type.endsWith("/*") ? 1 : 2;
    }

    String parameter(String key) {
      return parameters.getOrDefault(key, "");
    }
  }

  /**
   * The form of an object or list.
   *
   * @param header value of the header, empty when it was not sent
   */
  static Representation negotiate(String header) {
    return ranges(header).stream()
        .map(AcceptHeader::representation)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow(() -> Refusal.notAcceptable(SERVED));
  }

  /** The form of the frames of a watch, which are always JSON. */
  static Representation negotiateWatch(String header) {
    return ranges(header).stream()
        .map(AcceptHeader::representation)
        .flatMap(Optional::stream)
        .filter(found -> found.format() == Format.JSON)
        .findFirst()
        .orElseThrow(() -> Refusal.notAcceptable(SERVED));
  }

  /**
   * The form of a discovery document: the aggregated version that is wanted, or empty for the plain
   * documents.
   */
  static Optional<String> aggregatedDiscovery(String header) {
    for (MediaRange range : ranges(header)) {
      if (format(range).isEmpty()) {
        continue;
      }
      boolean aggregated =
          range.parameter("as").equals("APIGroupDiscoveryList")
              && range.parameter("g").equals(DISCOVERY_GROUP);
      if (aggregated && range.parameter("v").equals("v2")) {
        return Optional.of("v2");
      }
      if (range.parameter("as").isEmpty()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static Optional<Representation> representation(MediaRange range) {
    Optional<Format> format = format(range);
    String as = range.parameter("as");
    if (format.isEmpty() || as.isEmpty()) {
      return format.map(Representation::plain);
    }
    String version = range.parameter("v");
    boolean known =
        range.parameter("g").equals("meta.k8s.io")
            && (version.equals("v1") || version.equals("v1beta1"));
    return known
        ? view(as).map(view -> new Representation(format.get(), view, version))
        : Optional.empty();
  }

  private static Optional<View> view(String as) {
    return switch (as) {
      case "Table" -> Optional.of(View.TABLE);
      case "PartialObjectMetadata", "PartialObjectMetadataList" -> Optional.of(View.PARTIAL);
      default -> Optional.empty();
    };
  }

  private static Optional<Format> format(MediaRange range) {
    return switch (range.type()) {
      case "application/json", "application/*", "*/*" -> Optional.of(Format.JSON);
      case "application/yaml" -> Optional.of(Format.YAML);
      default -> Optional.empty();
    };
  }

  private static List<MediaRange> ranges(String header) {
    if (header.isBlank()) {
      return List.of(new MediaRange("*/*", Map.of(), 1));
    }
    List<MediaRange> ranges = new ArrayList<>();
    for (String text : header.split(",", -1)) {
      MediaRange range = range(text);
      if (range.quality() > 0) {
        ranges.add(range);
      }
    }
    ranges.sort(
        Comparator.comparingDouble(MediaRange::quality)
            .thenComparingInt(MediaRange::specificity)
            .reversed());
    return ranges;
  }

  private static MediaRange range(String text) {
    String[] parts = text.split(";", -1);
    Map<String, String> parameters = new HashMap<>();
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals > 0) {
        parameters.put(
            parts[i].substring(0, equals).strip().toLowerCase(Locale.ROOT),
            unquoted(parts[i].substring(equals + 1).strip()));
      }
    }
    return new MediaRange(
        parts[0].strip().toLowerCase(Locale.ROOT), parameters, quality(parameters.remove("q")));
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  /** A quality that is no number between 0 and 1 counts as 1, as if it had not been sent. */
  private static double quality(@Nullable String text) {
    if (text == null || !text.matches("[01](\\.[0-9]{0,3})?")) {
      return 1;
    }
    return Math.min(1, Double.parseDouble(text));
  }
}

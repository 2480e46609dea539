package dev.kcm.embedded.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the query of a URL. Stateless. */
final class QueryString {

  private QueryString() {}

  /**
   * The parameters in the order of their first mention, each with its values in order. A parameter
   * without equals sign has the empty value.
   *
   * @param raw the part of the URL behind the question mark, still escaped
   */
  static Map<String, List<String>> parse(String raw) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String pair : raw.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      parameters
          .computeIfAbsent(PercentDecoder.query(key), k -> new ArrayList<>())
          .add(PercentDecoder.query(value));
    }
    return parameters;
  }

  /** Whether a switch is on: present, and neither {@code false} nor {@code 0}. */
  static boolean isOn(Map<String, List<String>> parameters, String key) {
    List<String> values = parameters.getOrDefault(key, List.of());
    return !values.isEmpty()
        && !values.get(0).equalsIgnoreCase("false")
        && !values.get(0).equals("0");
  }

  /** First value of a parameter, empty when it is absent. */
  static String first(Map<String, List<String>> parameters, String key) {
    List<String> values = parameters.getOrDefault(key, List.of());
    return values.isEmpty() ? "" : values.get(0);
  }
}

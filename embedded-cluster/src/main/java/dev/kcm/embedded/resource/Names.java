package dev.kcm.embedded.resource;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The forms of names. Each check gives the complaints of the original, none for a good name.
 *
 * <p>Stateless.
 */
final class Names {

  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern LABEL_1035 = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern QUALIFIED =
      Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
  private static final Pattern VALUE =
      Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");

  private static final int SUBDOMAIN_LENGTH = 253;
  private static final int LABEL_LENGTH = 63;

  private Names() {}

  static List<String> subdomain(String name) {
    List<String> complaints = length(name, SUBDOMAIN_LENGTH);
    if (!SUBDOMAIN.matcher(name).matches()) {
      complaints.add(
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-'"
              + " or '.', and must start and end with an alphanumeric character (e.g."
              + " 'example.com', regex used for validation is"
              + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
    }
    return complaints;
  }

  static List<String> label(String name) {
    List<String> complaints = length(name, LABEL_LENGTH);
    if (!LABEL.matcher(name).matches()) {
      complaints.add(
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-',"
              + " and must start and end with an alphanumeric character (e.g. 'my-name',  or"
              + " '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')");
    }
    return complaints;
  }

  static List<String> label1035(String name) {
    List<String> complaints = length(name, LABEL_LENGTH);
    if (!LABEL_1035.matcher(name).matches()) {
      complaints.add(
          "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with"
              + " an alphabetic character, and end with an alphanumeric character (e.g."
              + " 'my-name',  or 'abc-123', regex used for validation is"
              + " '[a-z]([-a-z0-9]*[a-z0-9])?')");
    }
    return complaints;
  }

  /** Names that only have to fit into a path. */
  static List<String> pathSegment(String name) {
    List<String> complaints = new ArrayList<>();
    if (name.equals(".") || name.equals("..")) {
      complaints.add("may not be '" + name + "'");
    }
    for (String part : List.of("/", "%")) {
      if (name.contains(part)) {
        complaints.add("may not contain '" + part + "'");
      }
    }
    return complaints;
  }

  /** Keys of labels and annotations, and finalizers: a name, maybe with a prefix. */
  static List<String> qualified(String key) {
    String[] parts = key.split("/", -1);
    if (parts.length > 2) {
      return List.of(
          "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must"
              + " start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or"
              + " '123-abc', regex used for validation is"
              + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain"
              + " prefix and '/' (e.g. 'example.com/MyName')");
    }
    List<String> complaints = new ArrayList<>();
    if (parts.length == 2) {
      if (parts[0].isEmpty()) {
        complaints.add("prefix part must be non-empty");
      } else {
        subdomain(parts[0]).forEach(complaint -> complaints.add("prefix part " + complaint));
      }
    }
    complaints.addAll(namePart(parts[parts.length - 1]));
    return complaints;
  }

  private static List<String> namePart(String name) {
    if (name.isEmpty()) {
      return List.of(
          "name part must be non-empty",
          "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and"
              + " end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or"
              + " '123-abc', regex used for validation is"
              + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')");
    }
    List<String> complaints = new ArrayList<>();
    if (name.length() > LABEL_LENGTH) {
      complaints.add("name part must be no more than 63 bytes");
    }
    if (!QUALIFIED.matcher(name).matches()) {
      complaints.add(
          "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and"
              + " end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or"
              + " '123-abc', regex used for validation is"
              + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')");
    }
    return complaints;
  }

  static List<String> labelValue(String value) {
    List<String> complaints = length(value, LABEL_LENGTH);
    if (!VALUE.matcher(value).matches()) {
      complaints.add(
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_'"
              + " or '.', and must start and end with an alphanumeric character (e.g. 'MyValue', "
              + " or 'my_value',  or '12345', regex used for validation is"
              + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')");
    }
    return complaints;
  }

  private static List<String> length(String text, int limit) {
    List<String> complaints = new ArrayList<>();
    if (text.length() > limit) {
      complaints.add("must be no more than " + limit + " bytes");
    }
    return complaints;
  }
}

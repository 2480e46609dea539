package dev.kcm.embedded.resource;

import java.util.ArrayList;
import java.util.List;

/** Syntax of label keys and label values, with the texts that the API gives for violations. */
final class QualifiedNames {

  private static final int MAX_NAME = 63;
  private static final int MAX_SUBDOMAIN = 253;

  private static final String NAME_RULE =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
          + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for"
          + " validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
  private static final String VALUE_RULE =
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or"
          + " '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or"
          + " 'my_value',  or '12345', regex used for validation is"
          + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
  private static final String SUBDOMAIN_RULE =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
          + " '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex"
          + " used for validation is"
          + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

  private QualifiedNames() {}

  /** What is wrong with a label key: an optional DNS prefix with a slash, and a name. */
  static List<String> keyErrors(String key) {
    int slash = key.indexOf('/');
    if (slash != key.lastIndexOf('/')) {
      return List.of(
          "a qualified name "
              + NAME_RULE
              + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
    }
    List<String> errors = new ArrayList<>();
    if (slash == 0) {
      errors.add("prefix part must be non-empty");
    } else if (slash > 0) {
      subdomainErrors(key.substring(0, slash)).forEach(e -> errors.add("prefix part " + e));
    }
    nameErrors(key.substring(slash + 1), errors);
    return errors;
  }

  private static void nameErrors(String name, List<String> errors) {
    if (name.isEmpty()) {
      errors.add("name part must be non-empty");
    } else if (name.length() > MAX_NAME) {
      errors.add("name part must be no more than 63 characters");
    }
    if (!isName(name)) {
      errors.add("name part " + NAME_RULE);
    }
  }

  /** What is wrong with a label value. */
  static List<String> valueErrors(String value) {
    List<String> errors = new ArrayList<>();
    if (value.length() > MAX_NAME) {
      errors.add("must be no more than 63 characters");
    }
    if (!value.isEmpty() && !isName(value)) {
      errors.add(VALUE_RULE);
    }
    return errors;
  }

  private static List<String> subdomainErrors(String text) {
    List<String> errors = new ArrayList<>();
    if (text.length() > MAX_SUBDOMAIN) {
      errors.add("must be no more than 253 characters");
    }
    for (String part : text.split("\\.", -1)) {
      if (!isDnsLabel(part)) {
        errors.add(SUBDOMAIN_RULE);
        break;
      }
    }
    return errors;
  }

  private static boolean isDnsLabel(String part) {
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      boolean edge = i == 0 || i == part.length() - 1;
      if (!isLower(c) && !isDigit(c) && (edge || c != '-')) {
        return false;
      }
    }
    return !part.isEmpty();
  }

  private static boolean isName(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean edge = i == 0 || i == text.length() - 1;
      if (!isAlphanumeric(c) && (edge || (c != '-' && c != '_' && c != '.'))) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static boolean isAlphanumeric(char c) {
    return isLower(c) || isDigit(c) || (c >= 'A' && c <= 'Z');
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}

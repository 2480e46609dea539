package dev.kcm.controllers.shared.objects;

import java.util.regex.Pattern;

/**
 * What keys and values of labels may look like.
 *
 * <p>Immutable.
 */
final class LabelSyntax {

  private static final int MAX_NAME = 63;
  private static final int MAX_PREFIX = 253;
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9](?:[-A-Za-z0-9_.]*+(?<=[A-Za-z0-9]))?");
  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9](?:[-a-z0-9]*[a-z0-9])?");

  private LabelSyntax() {}

  static boolean isKey(String key) {
    int slash = key.indexOf('/');
    return slash < 0
        ? isName(key)
        : isDnsSubdomain(key.substring(0, slash)) && isName(key.substring(slash + 1));
  }

  static boolean isValue(String value) {
    return value.isEmpty() || isName(value);
  }

  /** Whether a text is a DNS subdomain: what most object names have to be. */
  static boolean isDnsSubdomain(String text) {
    if (text.length() > MAX_PREFIX) {
      return false;
    }
    for (String label : text.split("\\.", -1)) {
      if (!DNS_LABEL.matcher(label).matches()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isName(String text) {
    return text.length() <= MAX_NAME && NAME.matcher(text).matches();
  }
}

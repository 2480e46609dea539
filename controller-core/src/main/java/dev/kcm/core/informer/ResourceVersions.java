package dev.kcm.core.informer;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Compares resourceVersions of one resource, as the unsigned decimals they are. */
final class ResourceVersions {

  private ResourceVersions() {}

  /** Whether the first is certainly older; false when one of them is not a number. */
  static boolean isOlder(String version, String than) {
    if (!isNumber(version) || !isNumber(than)) {
      return false;
    }
    return compare(version, than) < 0;
  }

  /** The order of two numbers. */
  static int compare(String number, String other) {
    return number.length() != other.length()
        ? Integer.compare(number.length(), other.length())
        : number.compareTo(other);
  }

  /** Whether it is an unsigned decimal, of any length. */
  static boolean isNumber(String version) {
    if (version.isEmpty() || (version.charAt(0) == '0' && version.length() > 1)) {
      return false;
    }
    for (int i = 0; i < version.length(); i++) {
      if (version.charAt(i) < '0' || version.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** The object's resourceVersion, empty without one. */
  static String of(HasMetadata object) {
    String version = object.getMetadata().getResourceVersion();
    return version == null ? "" : version;
  }

  /** The lowest 15 digits as a number, which a double holds exactly; 0 when it is no number. */
  static double asGauge(String version) {
    return isNumber(version)
        ? Long.parseLong(version.substring(Math.max(0, version.length() - 15)))
        : 0;
  }
}

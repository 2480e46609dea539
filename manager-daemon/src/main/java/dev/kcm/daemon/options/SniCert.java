package dev.kcm.daemon.options;

import java.util.Arrays;
import java.util.List;

/**
 * A certificate for some server names.
 *
 * @param certFile certificate chain
 * @param keyFile its key
 * @param names names or wildcards, or none to take them from the certificate
 */
public record SniCert(String certFile, String keyFile, List<String> names) {

  /** Copies the names. */
  public SniCert {
    names = List.copyOf(names);
  }

  /**
   * Reads {@code cert,key} or {@code cert,key:name,name}.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  static SniCert parse(String text) {
    int colon = text.indexOf(':');
    String names = colon < 0 ? "" : text.substring(colon + 1).strip();
    if (colon >= 0 && names.isEmpty()) {
      throw new IllegalArgumentException("empty names list is not allowed");
    }
    String[] files = (colon < 0 ? text : text.substring(0, colon)).strip().split(",", -1);
    if (files.length != 2) {
      throw new IllegalArgumentException("expected comma separated certificate and key file paths");
    }
    List<String> list =
        names.isEmpty()
            ? List.of()
            : Arrays.stream(names.split(",", -1)).map(String::strip).toList();
    return new SniCert(files[0].strip(), files[1].strip(), list);
  }

  String print() {
    String files = certFile + "," + keyFile;
    return names.isEmpty() ? files : files + ":" + String.join(",", names);
  }
}

package dev.kcm.daemon.auth;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a request brings along to say who sends it.
 *
 * @param certificates client certificate chain, leaf first; empty without one
 * @param headers values by lower-case name
 */
public record Credentials(List<X509Certificate> certificates, Map<String, List<String>> headers) {

  public Credentials {
    certificates = List.copyOf(certificates);
    headers = Map.copyOf(headers);
  }

  /** The values of a header, by name in any case. */
  List<String> values(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }
}

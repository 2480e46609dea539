package dev.kcm.embedded.pki;

import java.util.List;

/**
 * What a certificate is for.
 *
 * @param commonName CN, the user name of a client
 * @param organizations O values, the groups of a client
 * @param serverNames DNS names and IP addresses of a server
 * @param server whether it may identify a server
 * @param client whether it may identify a client
 */
record CertificateSpec(
    String commonName,
    List<String> organizations,
    List<String> serverNames,
    boolean server,
    boolean client) {

  CertificateSpec {
    organizations = List.copyOf(organizations);
    serverNames = List.copyOf(serverNames);
  }

  static CertificateSpec client(String user, List<String> groups) {
    return new CertificateSpec(user, groups, List.of(), false, true);
  }

  static CertificateSpec server(String commonName, List<String> names) {
    return new CertificateSpec(commonName, List.of(), names, true, false);
  }

  /** The same, also as a server under the names. */
  CertificateSpec andServer(List<String> names) {
    return new CertificateSpec(commonName, organizations, names, true, client);
  }
}

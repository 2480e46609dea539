package dev.kcm.daemon.options;

import java.net.InetAddress;
import java.util.List;

/**
 * The HTTPS server.
 *
 * @param bindAddress address it listens on; an unspecified one means all
 * @param port 0 switches it off, with authentication and authorization
 * @param certFile certificate chain, or empty
 * @param keyFile its key, or empty
 * @param certDir where a generated certificate is kept, or empty for memory
 * @param sniCerts further certificates by server name, in the order given
 * @param cipherSuites names of the suites for TLS 1.2 and below; empty means the default ones
 * @param minTlsVersion {@code VersionTLS10} to {@code VersionTLS13}; never empty
 * @param http2 whether HTTP/2 is offered
 * @param http2MaxStreams streams at once on a connection, at least 1
 */
public record ServingConfig(
    InetAddress bindAddress,
    int port,
    String certFile,
    String keyFile,
    String certDir,
    List<SniCert> sniCerts,
    List<String> cipherSuites,
    String minTlsVersion,
    boolean http2,
    int http2MaxStreams) {

  /** Copies the lists. */
  public ServingConfig {
    sniCerts = List.copyOf(sniCerts);
    cipherSuites = List.copyOf(cipherSuites);
  }

  /** Tells whether there is a server at all. */
  public boolean isEnabled() {
    return port != 0;
  }
}

package dev.kcm.daemon.tls;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets every client certificate through the handshake and only hints at the authorities it should
 * come from. Whether it proves an identity is decided for each request, so that a client with a
 * foreign certificate gets an answer instead of a broken connection.
 *
 * <p>Immutable.
 */
public final class AnyClientCertificate extends X509ExtendedTrustManager {

  private final List<X509Certificate> hints;

  /** Hints at the given authorities. */
  public AnyClientCertificate(List<X509Certificate> hints) {
    this.hints = List.copyOf(hints);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return hints.toArray(X509Certificate[]::new);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType) {
    throw new UnsupportedOperationException("this is the server side");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
    throw new UnsupportedOperationException("this is the server side");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
    throw new UnsupportedOperationException("this is the server side");
  }
}

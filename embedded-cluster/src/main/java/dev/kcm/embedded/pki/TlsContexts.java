package dev.kcm.embedded.pki;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS settings for both sides of a connection. */
final class TlsContexts {

  private static final char[] NO_PASSWORD = new char[0];

  private TlsContexts() {}

  static SSLContext server(Credential own, X509Certificate ca) {
    return context(Optional.of(own), ca, new AnyClient(ca));
  }

  static SSLContext client(Optional<Credential> own, X509Certificate ca) {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      KeyStore trusted = emptyStore();
      trusted.setCertificateEntry("ca", ca);
      factory.init(trusted);
      return context(own, ca, factory.getTrustManagers());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("Cannot set up TLS", e);
    }
  }

  private static SSLContext context(
      Optional<Credential> own, X509Certificate ca, TrustManager... trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers(own, ca), trust, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("Cannot set up TLS", e);
    }
  }

  private static KeyManager[] keyManagers(Optional<Credential> own, X509Certificate ca)
      throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    if (own.isPresent()) {
      Credential credential = own.get();
      Certificate[] chain = {credential.certificate(), ca};
      store.setKeyEntry("own", credential.key(), NO_PASSWORD, chain);
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  /**
   * Lets every client certificate through the handshake. Each request is authenticated afterwards
   * by {@link ClientCertificates}, so that a stranger gets an answer with a reason instead of a
   * broken connection. Immutable.
   */
  private static final class AnyClient extends X509ExtendedTrustManager {

    private final X509Certificate ca;

    AnyClient(X509Certificate ca) {
      this.ca = ca;
    }

    /** Named in the handshake, so that clients with several certificates pick the right one. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[] {ca};
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
      throw new IllegalStateException("A server's side checks no servers");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
      checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
      checkServerTrusted(chain, authType);
    }
  }
}

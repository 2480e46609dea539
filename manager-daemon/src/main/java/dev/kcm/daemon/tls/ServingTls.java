package dev.kcm.daemon.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * What the HTTPS port shows to clients.
 *
 * @param certificate shown to clients that ask for no name, or for one that nothing else is for
 * @param named further certificates, the first that has a name wins
 * @param clientAuthorities hint to clients which certificates are of use
 */
public record ServingTls(
    ServingCertificate certificate, List<Named> named, List<X509Certificate> clientAuthorities) {

  private static final int DNS_NAME = 2;

  public ServingTls {
    named = List.copyOf(named);
    clientAuthorities = List.copyOf(clientAuthorities);
  }

  /**
   * A certificate for some server names.
   *
   * @param certificate what to show
   * @param names exact names, or {@code *.example.org}
   */
  public record Named(ServingCertificate certificate, List<String> names) {

    /** Without names, those that the certificate itself is made out for. */
    public Named {
      names = names.isEmpty() ? namesIn(certificate.chain().get(0)) : List.copyOf(names);
    }
  }

  private static List<String> namesIn(X509Certificate leaf) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> alternative : alternatives) {
          if (alternative.get(0).equals(DNS_NAME)) {
            names.add((String) alternative.get(1));
          }
        }
      }
    } catch (CertificateParsingException withoutNames) {
      return List.of();
    }
    return names;
  }

  /** A TLS context that shows one of the certificates. */
  public SSLContext context(ServingCertificate shown) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          shown.keyManagers(),
          new TrustManager[] {new AnyClientCertificate(clientAuthorities)},
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS is not available in this JVM", e);
    }
  }
}

package dev.kcm.daemon.http;

import dev.kcm.daemon.auth.Credentials;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RenegotiationRequiredException;
import io.undertow.server.SSLSessionInfo;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Takes out of a request what says who sends it. */
final class SentCredentials {

  private SentCredentials() {}

  static Credentials of(HttpServerExchange exchange) {
    return new Credentials(clientChain(exchange), headers(exchange.getRequestHeaders()));
  }

  private static Map<String, List<String>> headers(HeaderMap sent) {
    Map<String, List<String>> headers = new HashMap<>();
    for (HeaderValues values : sent) {
      headers.put(values.getHeaderName().toString().toLowerCase(Locale.ROOT), List.copyOf(values));
    }
    return headers;
  }

  private static List<X509Certificate> clientChain(HttpServerExchange exchange) {
    SSLSessionInfo session = exchange.getConnection().getSslSessionInfo();
    if (session == null) {
      return List.of();
    }
    try {
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate certificate : session.getPeerCertificates()) {
        chain.add((X509Certificate) certificate);
      }
      return chain;
    } catch (SSLPeerUnverifiedException | RenegotiationRequiredException e) {
      return List.of();
    }
  }
}

package dev.kcm.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLSocket;

/** Requests that no client library sends. Stateless. */
final class RawHttp {

  private static final int PATIENCE_MILLIS = 20_000;

  private RawHttp() {}

  /** The whole answer to a GET of the target as it stands, over HTTP/1.1. */
  static String get(String kubeconfig, String target) {
    Config config = Config.fromKubeconfig(kubeconfig);
    URI url = URI.create(config.getMasterUrl());
    try (Socket plain = new Socket(url.getHost(), url.getPort());
        SSLSocket socket =
            (SSLSocket)
                SSLUtils.sslContext(config)
                    .getSocketFactory()
                    .createSocket(plain, url.getHost(), url.getPort(), false)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      String request =
          "GET " + target + " HTTP/1.1\r\nHost: " + url.getHost() + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError("GET " + target + " got no answer", e);
    }
  }
}

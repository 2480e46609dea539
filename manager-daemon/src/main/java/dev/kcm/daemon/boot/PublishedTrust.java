package dev.kcm.daemon.boot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kcm.daemon.auth.ProxyTrust;
import dev.kcm.daemon.auth.TrustedAuthorities;
import dev.kcm.daemon.tls.PemFiles;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whom the API server itself believes, as it publishes it in a ConfigMap for its neighbours.
 *
 * @param clients authorities of client certificates
 * @param proxy its front proxy
 */
record PublishedTrust(TrustedAuthorities clients, Optional<ProxyTrust> proxy) {

  static final String NAMESPACE = "kube-system";
  static final String NAME = "extension-apiserver-authentication";

  static final PublishedTrust NONE = new PublishedTrust(TrustedAuthorities.NONE, Optional.empty());

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads the ConfigMap.
   *
   * @throws IOException when a value is malformed; the message names its key
   */
  static PublishedTrust of(ConfigMap published) throws IOException {
    Map<String, String> data = published.getData() == null ? Map.of() : published.getData();
    TrustedAuthorities proxies = authorities(data, "requestheader-client-ca-file");
    Optional<ProxyTrust> proxy =
        proxies.certificates().isEmpty()
            ? Optional.empty()
            : Optional.of(
                new ProxyTrust(
                    proxies,
                    texts(data, "requestheader-allowed-names"),
                    texts(data, "requestheader-username-headers"),
                    texts(data, "requestheader-group-headers"),
                    texts(data, "requestheader-extra-headers-prefix"),
                    texts(data, "requestheader-uid-headers")));
    return new PublishedTrust(authorities(data, "client-ca-file"), proxy);
  }

  private static TrustedAuthorities authorities(Map<String, String> data, String key)
      throws IOException {
    String pem = data.getOrDefault(key, "");
    return pem.isBlank()
        ? TrustedAuthorities.NONE
        : TrustedAuthorities.of(PemFiles.certificatesIn(pem, key));
  }

  private static List<String> texts(Map<String, String> data, String key) throws IOException {
    String list = data.getOrDefault(key, "");
    if (list.isBlank()) {
      return List.of();
    }
    try {
      return JSON.readValue(list, new TypeReference<List<String>>() {});
    } catch (JsonProcessingException e) {
      throw new IOException(key + " is not a JSON list of texts: " + list, e);
    }
  }
}

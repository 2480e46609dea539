package dev.kcm.daemon.boot;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.informer.EventHandler;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.informer.Selection;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import dev.kcm.daemon.auth.ProxyTrust;
import dev.kcm.daemon.auth.TrustedAuthorities;
import dev.kcm.daemon.options.AuthenticationConfig;
import dev.kcm.daemon.tls.PemFiles;
import dev.kcm.daemon.tls.ReloadedFiles;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose client certificates and which front proxy the HTTPS port believes. A file named by a flag
 * counts; what no flag names is looked up in what the API server publishes, and followed.
 *
 * <p>Thread-safe: each half is replaced as a whole; {@code following} is written once.
 */
final class Trust {

  private static final Logger log = LoggerFactory.getLogger(Trust.class);

  private static final ResourceType<ConfigMap> CONFIG_MAPS = ResourceType.of(ConfigMap.class);
  private static final ObjectKey PUBLISHED =
      new ObjectKey(PublishedTrust.NAMESPACE, PublishedTrust.NAME);

  private final Optional<ReloadedFiles<TrustedAuthorities>> clientFile;
  private final Optional<ReloadedFiles<TrustedAuthorities>> proxyFile;
  private final AuthenticationConfig.RequestHeader proxyFlags;
  private volatile PublishedTrust published = PublishedTrust.NONE;
  private volatile @Nullable Informers following;

  private Trust(
      Optional<ReloadedFiles<TrustedAuthorities>> clientFile,
      Optional<ReloadedFiles<TrustedAuthorities>> proxyFile,
      AuthenticationConfig.RequestHeader proxyFlags) {
    this.clientFile = clientFile;
    this.proxyFile = proxyFile;
    this.proxyFlags = proxyFlags;
  }

  /**
   * Reads the files that flags name.
   *
   * @param problems takes what is wrong with them
   */
  static Trust of(AuthenticationConfig config, Problems problems) {
    return new Trust(
        file("--client-ca-file", config.clientCaFile(), problems),
        file("--requestheader-client-ca-file", config.requestHeader().clientCaFile(), problems),
        config.requestHeader());
  }

  private static Optional<ReloadedFiles<TrustedAuthorities>> file(
      String flag, String name, Problems problems) {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Path file = Path.of(name);
    return problems.attempt(
        flag,
        Optional.empty(),
        () ->
            Optional.of(
                ReloadedFiles.read(
                    List.of(file), () -> TrustedAuthorities.of(PemFiles.certificates(file)))));
  }

  /** Whether something is left that only the API server can say. */
  boolean wantsLookup() {
    return clientFile.isEmpty() || proxyFile.isEmpty();
  }

  /**
   * Reads what the API server publishes. When it cannot be read, this fails only if the front proxy
   * has to come from there: without it, requests by way of the proxy would be refused in silence.
   *
   * @throws IOException when that half cannot be read
   */
  void lookUp(ApiClient api) throws IOException {
    try {
      published = PublishedTrust.of(api.get(CONFIG_MAPS, PUBLISHED).join());
    } catch (CompletionException e) {
      ApiError error = ApiException.errorOf(e);
      if (error.kind() == ApiError.Kind.NOT_FOUND) {
        log.info("The API server publishes no ConfigMap {}", PUBLISHED);
      } else if (proxyFile.isEmpty()) {
        throw new IOException(
            "unable to load configmap based request-header-client-ca-file: " + error.message(), e);
      } else {
        log.warn("Unable to load configmap based client-ca-file: {}", error.message());
      }
    }
  }

  /**
   * Follows files and, if there is somebody to ask, what the API server publishes.
   *
   * @param api whom to ask; null to ask nobody
   * @param changed runs after each change
   * @param failed runs after a change of a file that cannot be used
   */
  void watch(
      @Nullable ApiClient api,
      Environment environment,
      MeterRegistry meters,
      Runnable changed,
      Runnable failed) {
    clientFile.ifPresent(file -> file.watch(environment, changed, failed));
    proxyFile.ifPresent(file -> file.watch(environment, changed, failed));
    if (api == null) {
      return;
    }
    Informers informers = Informers.create(api, environment, meters);
    following = informers;
    informers
        .get(CONFIG_MAPS, Selection.object(PUBLISHED))
        .addHandler("published-trust", new Follower(changed));
    informers.start();
  }

  /** Ends the following of what the API server publishes. */
  void close() {
    Informers current = following;
    if (current != null) {
      var unused = current.stop(Duration.ZERO);
    }
  }

  /** Takes over what the API server publishes. Confined to its handler thread. */
  private final class Follower implements EventHandler<ConfigMap> {

    private final Runnable changed;

    private Follower(Runnable changed) {
      this.changed = changed;
    }

    @Override
    public void onAdd(ConfigMap object, boolean initial) {
      take(object);
    }

    @Override
    public void onUpdate(ConfigMap old, ConfigMap current) {
      take(current);
    }

    @Override
    public void onDelete(ObjectKey key, @Nullable ConfigMap last, boolean finalStateUnknown) {
      log.warn("The ConfigMap {} is gone; what it said stays in force", key);
    }

    private void take(ConfigMap object) {
      try {
        PublishedTrust now = PublishedTrust.of(object);
        published = now;
        changed.run();
      } catch (IOException e) {
        log.warn("The ConfigMap {} cannot be used: {}", PUBLISHED, e.getMessage());
      }
    }
  }

  /** Whose client certificates prove who somebody is. */
  TrustedAuthorities clients() {
    return clientFile.map(ReloadedFiles::get).orElseGet(() -> published.clients());
  }

  /** Which front proxy is believed. */
  Optional<ProxyTrust> proxy() {
    return proxyFile.isEmpty()
        ? published.proxy()
        : proxyFile.map(
            file ->
                new ProxyTrust(
                    file.get(),
                    proxyFlags.allowedNames(),
                    proxyFlags.usernameHeaders(),
                    proxyFlags.groupHeaders(),
                    proxyFlags.extraHeaderPrefixes(),
                    proxyFlags.uidHeaders()));
  }

  /** The authorities that clients are told of in handshakes. */
  List<X509Certificate> hints() {
    List<X509Certificate> hints = new ArrayList<>(clients().certificates());
    proxy().ifPresent(trusted -> hints.addAll(trusted.authorities().certificates()));
    return hints;
  }
}

package dev.kcm.daemon.options;

import java.time.Duration;
import java.util.List;

/**
 * How clients of the HTTPS server are recognized.
 *
 * @param kubeconfig file for token reviews and the lookup of CAs, or empty
 * @param skipLookup whether the published configuration of the API server is left alone
 * @param tolerateLookupFailure whether start-up goes on when it cannot be read
 * @param tokenCacheTtl how long an answer about a token counts
 * @param clientCaFile CA of client certificates, or empty to look it up
 * @param requestHeader the front proxy
 */
public record AuthenticationConfig(
    String kubeconfig,
    boolean skipLookup,
    boolean tolerateLookupFailure,
    Duration tokenCacheTtl,
    String clientCaFile,
    RequestHeader requestHeader) {

  /**
   * A proxy that vouches for users by headers.
   *
   * @param clientCaFile CA of the proxy's certificate, or empty to look everything here up
   * @param allowedNames common names of its certificate; empty means any
   * @param usernameHeaders headers with the user, the first with a value counts
   * @param groupHeaders headers with groups, all count
   * @param extraHeaderPrefixes prefixes of headers with extra attributes
   * @param uidHeaders headers with the UID
   */
  public record RequestHeader(
      String clientCaFile,
      List<String> allowedNames,
      List<String> usernameHeaders,
      List<String> groupHeaders,
      List<String> extraHeaderPrefixes,
      List<String> uidHeaders) {

    /** Copies the lists. */
    public RequestHeader {
      allowedNames = List.copyOf(allowedNames);
      usernameHeaders = List.copyOf(usernameHeaders);
      groupHeaders = List.copyOf(groupHeaders);
      extraHeaderPrefixes = List.copyOf(extraHeaderPrefixes);
      uidHeaders = List.copyOf(uidHeaders);
    }
  }
}

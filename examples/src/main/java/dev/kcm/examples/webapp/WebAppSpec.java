package dev.kcm.examples.webapp;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * What is wanted. The schema requires the image and sets defaults for the rest.
 *
 * @param image container image of the web server
 * @param replicas pods, 0 or more
 * @param message text of the page
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record WebAppSpec(String image, int replicas, String message) {}

// Draws the description of the API. Requests that are tried out carry the session of this page.
const place = document.getElementById("api-docs");

window.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.schema,
  deepLinking: false,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
  requestInterceptor(request) {
    if (request.method === "POST") request.headers["X-CSRFToken"] = place.dataset.csrf;
    return request;
  },
});

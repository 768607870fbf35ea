// The mock server of SAP Fiori tools with a model of our own: `PORT=4006 node start.js`, then /odata/$metadata.
const http = require('node:http')
const path = require('node:path')
const FEMockserver = require('@sap-ux/fe-mockserver-core').default

async function start () {
  const mock = new FEMockserver({
    services: [{
      urlPath: '/odata',
      metadataPath: path.join(__dirname, 'metadata.xml'),
      mockdataPath: path.join(__dirname, 'data'),
      generateMockData: false,
      strictKeyMode: false,
      watch: false
    }],
    annotations: []
  })
  await mock.isReady
  const router = mock.getRouter()
  http.createServer((request, response) => {
    request.originalUrl = request.url
    router(request, response, () => { response.statusCode = 404; response.end() })
  }).listen(Number(process.env.PORT), '127.0.0.1')
}

start()

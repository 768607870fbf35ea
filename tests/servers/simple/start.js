// simple-odata-server with a model of our own, in memory: `PORT=4005 node start.js`, then /$metadata.
// `util.isDate` and the like went with Node 23; nedb still asks for them.
const util = require('node:util')
util.isDate ??= (value) => value instanceof Date
util.isArray ??= Array.isArray
util.isRegExp ??= (value) => value instanceof RegExp

const http = require('node:http')
const Datastore = require('nedb')
const ODataServer = require('simple-odata-server')
const adapter = require('simple-odata-server-nedb')

const port = Number(process.env.PORT)
const model = {
  namespace: 'Office',
  entityTypes: {
    Department: {
      _id: { type: 'Edm.String', key: true },
      code: { type: 'Edm.String' },
      name: { type: 'Edm.String' }
    },
    User: {
      _id: { type: 'Edm.String', key: true },
      email: { type: 'Edm.String' },
      name: { type: 'Edm.String' },
      floor: { type: 'Edm.Int32' }
    }
  },
  entitySets: {
    Departments: { entityType: 'Office.Department' },
    Users: { entityType: 'Office.User' }
  }
}
const databases = {
  Departments: new Datastore({ inMemoryOnly: true }),
  Users: new Datastore({ inMemoryOnly: true })
}
const server = ODataServer(`http://127.0.0.1:${port}`)
  .model(model)
  .adapter(adapter((set, callback) => callback(null, databases[set])))

http.createServer(server.handle.bind(server)).listen(port, '127.0.0.1')

import tornado.httpserver
import tornado.ioloop
import tornado.web


class Handler(tornado.web.RequestHandler):
    def get(self):
        self.write("ok")


server = tornado.httpserver.HTTPServer(tornado.web.Application([("/", Handler)]))
server.bind(80)
server.start(2)
tornado.ioloop.IOLoop.current().start()
